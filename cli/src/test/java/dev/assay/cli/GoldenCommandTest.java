package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
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

  @Test
  void what_was_written_is_loaded_and_a_byte_that_is_changed_then_is_found() throws IOException {
    Path suite = folder.resolve("suite");
    assertEquals(ExitCode.PASS, golden("--write", "--to", suite.toString()));
    assertEquals(Suite.load().cases().size(), Suite.load(suite).cases().size());
    Path changed = suite.resolve("core/grid/dense-1-203.safetensors");
    byte[] bytes = Files.readAllBytes(changed);
    bytes[bytes.length - 3] ^= 1;
    Files.write(changed, bytes);
    assertEquals(ExitCode.MISMATCH, golden("--prove", "--to", suite.toString()));
    assertTrue(out.toString().contains("core/grid/dense-1-203.safetensors differs"), out::toString);
    assertTrue(out.toString().contains("repeat: ./assay golden --prove"), out::toString);
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
