package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class GoldenCommandTest {
  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();

  private int golden(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "golden";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(all);
  }

  /**
   * The suite as it lies in the source tree: writing a fresh one would take as long as proving it.
   */
  private Path copy() throws IOException {
    Path source = Path.of("..", "testdata", "goldens", "v1");
    Path target = folder.resolve("suite");
    try (Stream<Path> all = Files.walk(source)) {
      for (Path file : all.filter(Files::isRegularFile).toList()) {
        Path copy = target.resolve(source.relativize(file).toString());
        Files.createDirectories(copy.resolveSibling(""));
        Files.copy(file, copy);
      }
    }
    return target;
  }

  @Test
  void the_last_bit_of_a_stored_value_is_found_and_what_is_proven_is_counted() throws IOException {
    Path suite = copy();
    Path changed = suite.resolve("core/grid/dense-1-203.safetensors");
    byte[] bytes = Files.readAllBytes(changed);
    bytes[bytes.length - 8] ^= 1;
    Files.write(changed, bytes);
    assertEquals(ExitCode.MISMATCH, golden("--prove", "--to", suite.toString()));
    String said = out.toString();
    assertTrue(said.contains("core/grid/dense-1-203.safetensors differs"), said);
    assertTrue(said.contains("1 files in "), said);
    assertTrue(said.matches("(?s).*out and lse +\\d{5,} +\\d{5,} +\\d{5,} +\\d+\n.*"), said);
    assertTrue(said.matches("(?s).*gradients +\\d{6,} +\\d{6,} +\\d{5,} +\\d+\n.*"), said);
    assertTrue(said.contains("repeat: ./assay golden --prove"), said);
  }

  @Test
  void it_wants_to_know_what_to_do() {
    assertEquals(ExitCode.USAGE, golden());
    assertEquals(ExitCode.USAGE, golden("--write", "--prove"));
  }

  @Test
  void a_folder_that_is_not_there_cannot_be_proven() {
    assertEquals(
        ExitCode.MALFORMED, golden("--prove", "--to", folder.resolve("nowhere").toString()));
  }
}
