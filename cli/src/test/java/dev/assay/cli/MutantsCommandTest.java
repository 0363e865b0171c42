package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class MutantsCommandTest {
  private static final Path FAST = Path.of("accelerated/src/main/java/dev/assay/accelerated");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int mutants(String... more) {
    String[] args = new String[more.length + 1];
    args[0] = "mutants";
    System.arraycopy(more, 0, args, 1, more.length);
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(args);
  }

  @Test
  void one_wrong_kernel_alone_is_found() {
    assertEquals(ExitCode.PASS, mutants("--only", "M58,M112"), () -> out + "" + err);
    assertTrue(out.toString().contains("2 of 2 wrong kernels were found"), out.toString());
    assertTrue(out.toString().contains("flashinfer-ai/flashinfer#2584"), out.toString());
  }

  @Test
  void the_json_of_a_run_has_a_letter_for_each_case() {
    assertEquals(ExitCode.PASS, mutants("--only", "M58", "--format", "json"), err::toString);
    assertTrue(out.toString().contains("\"schema\": \"assay-kill-matrix-1\""), out.toString());
    assertTrue(
        Pattern.compile("\"gates\":\"\\.+e[. ]*\"").matcher(out.toString()).find(), out.toString());
  }

  @Test
  void a_number_that_nobody_has_is_refused() {
    assertEquals(ExitCode.USAGE, mutants("--only", "M00"));
    assertTrue(err.toString().contains("no wrong kernel is called so"), err.toString());
  }

  @Test
  void only_the_whole_matrix_is_written() {
    assertEquals(ExitCode.USAGE, mutants("--only", "M17", "--write"));
    assertTrue(err.toString().contains("--write is given with --only"), err.toString());
  }

  @Test
  void the_page_of_stages_needs_a_folder_before_anything_is_run(@TempDir Path folder) {
    int code = mutants("--stages", "--write", "--root", folder.resolve("none").toString());
    assertEquals(ExitCode.MALFORMED, code, () -> out + "" + err);
    assertTrue(err.toString().contains("--root"), err.toString());
  }

  @Test
  void faults_planted_in_the_fast_kernels_are_found() {
    int code = mutants("--engine", "simd", "--only", "M03,M29,M92", "--root", "..");
    assertEquals(ExitCode.PASS, code, () -> out + "" + err);
    assertTrue(out.toString().contains("3 of 3 faults"), out.toString());
  }

  @Test
  void without_sources_nothing_can_be_planted(@TempDir Path folder) {
    int code = mutants("--engine", "simd", "--root", folder.toString());
    assertEquals(ExitCode.MALFORMED, code, () -> out + "" + err);
    assertTrue(err.toString().contains("run this in a checkout"), err.toString());
  }

  @Test
  void a_fault_that_no_longer_applies_is_named(@TempDir Path folder) throws IOException {
    Path file = folder.resolve(FAST).resolve("simd/Span.java");
    Files.createDirectories(file.resolveSibling(""));
    String text = Files.readString(Path.of("..").resolve(FAST).resolve("simd/Span.java"));
    Files.writeString(file, text.replace("return Tile.count(keys);", "return count(keys);"));
    int code = mutants("--engine", "simd", "--only", "M60", "--root", folder.toString());
    assertEquals(ExitCode.SELF_TEST_FAILED, code, () -> out + "" + err);
    assertTrue(out.toString().contains("does not apply any more"), out.toString());
  }
}
