package dev.assay.cli;

import static dev.assay.cli.Ran.assay;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** The exit codes of check, verify and parity, and the sentence that comes with each. */
class ConformanceCommandsTest {
  private static final String CASE = "basic/causal-f32";

  @TempDir private Path folder;

  private Ran verify(String... more) {
    String[] arguments = new String[more.length + 4];
    arguments[0] = "verify";
    arguments[1] = folder.toString();
    arguments[2] = "--case";
    arguments[3] = CASE;
    System.arraycopy(more, 0, arguments, 4, more.length);
    return assay(arguments);
  }

  private void handIn(double factor, String precision) throws IOException {
    handIn(factor, precision, folder);
  }

  private static void handIn(double factor, String precision, Path folder) throws IOException {
    ResultFiles.write(CASE, factor, precision, folder);
  }

  @Test
  void engines_that_pass_give_0_and_the_counts() {
    assay("check", "--case", "heads/dense-2-?", "--require", "scalar,simd")
        .is(ExitCode.PASS, "2 cases x 2 engines", "G2", "G3", "passed");
  }

  @Test
  void an_engine_that_is_not_here_gives_5() {
    assay("check", "--case", CASE, "--engine", "warp").is(ExitCode.NOTHING_RUN, "engine warp");
    assay("check", "--case", CASE, "--require", "warp").is(ExitCode.NOTHING_RUN, "engine warp");
    assay("parity", "--engine", "warp").is(ExitCode.NOTHING_RUN, "no engine warp");
  }

  @Test
  void what_cannot_be_meant_gives_2() {
    assay("check", "--case", "nothing/*").is(ExitCode.USAGE, "no case of the suite");
    assay("check", "--class", "fp8").is(ExitCode.USAGE, "class 'fp8' is unknown");
    assay("check", "--format", "pdf").is(ExitCode.USAGE, "pdf");
    verify("--lse-base", "10").is(ExitCode.USAGE, "lse_base is declared as '10'");
    verify("--join", "max").is(ExitCode.USAGE, "join is declared as 'max'");
    verify("--nondeterministic", "dq,").is(ExitCode.USAGE, "names of results");
  }

  @Test
  void right_results_give_0() throws IOException {
    handIn(1, "f32-flash");
    verify().is(ExitCode.PASS, "1 passed");
  }

  @Test
  void wrong_results_give_1_with_the_place_and_the_line_that_repeats_it() throws IOException {
    handIn(1.01, "f32-flash");
    verify()
        .is(
            ExitCode.MISMATCH,
            "first at (b 0, h 0, q 0, channel 0)",
            "constant ratio 1.0100",
            "repeat: ./assay verify " + folder + " --case " + CASE);
  }

  @Test
  void a_class_on_the_command_line_wins_over_the_file_and_helps_where_there_is_none()
      throws IOException {
    handIn(1, "");
    verify().is(ExitCode.MALFORMED, "names no class");
    verify("--class", "f32-flash").is(ExitCode.PASS);
  }

  @Test
  void an_index_of_results_is_read_by_its_schema_and_a_slip_in_it_gives_3() throws IOException {
    handIn(1, "");
    String index =
        """
        {"schema": "assay-result-1", "suite": "assay-goldens", "class": "f32-flash",
         "impl": "mine", "cases": {"basic/causal-f32": {"status": "done"}}}
        """;
    Path file = folder.resolve("results.json");
    Files.writeString(file, index);
    verify("--nondeterministic", "dq,dk").is(ExitCode.PASS, "1 passed");
    Files.writeString(file, index.replace("\"done\"", "\"dnoe\""));
    verify().is(ExitCode.MALFORMED, "results.json", "cases.basic/causal-f32.status", "'dnoe'");
    Files.writeString(file, index.replace("\"done\"", "null"));
    verify().is(ExitCode.MALFORMED, "results.json", "cases.basic/causal-f32.status", "null");
  }

  @Test
  void no_folder_gives_3_and_an_empty_one_5() {
    assay("verify", folder.resolve("none").toString()).is(ExitCode.MALFORMED, "is no folder");
    verify().is(ExitCode.NOTHING_RUN, "1 not attempted");
    verify("--complete").is(ExitCode.MISMATCH, "no result was handed in");
  }

  @Test
  void a_folder_that_is_no_suite_gives_3() {
    assay("check", "--suite", folder.toString()).is(ExitCode.MALFORMED, "SHA256SUMS");
  }

  @Test
  void parity_prints_seed_tries_and_the_largest_error() {
    assay("parity", "--engine", "simd", "--case", CASE, "--tries", "3", "--seed", "9")
        .is(ExitCode.PASS, "3 random problems, seed 9", "largest error/bound");
  }

  @Test
  void json_is_the_only_thing_on_the_output() {
    Ran ran = assay("check", "--case", CASE, "--format", "json");
    ran.is(ExitCode.PASS);
    assertTrue(ran.out().startsWith("{") && ran.out().endsWith("}\n"), ran.out());
  }

  @Test
  void a_difference_tells_what_became_wrong_and_what_became_right() throws IOException {
    Path good = folder.resolve("good");
    Path bad = folder.resolve("bad");
    handIn(1, "f32-flash", good);
    handIn(1.01, "f32-flash", bad);
    diff(good, good).is(ExitCode.PASS, "0 worse, 0 better, 0 otherwise changed, 1 as before");
    diff(good, bad).is(ExitCode.MISMATCH, "1 worse", CASE + " (f32-flash): passed -> failed");
    diff(bad, good).is(ExitCode.PASS, "1 better", "failed -> passed");
  }

  @Test
  void a_difference_tells_whose_error_grew_within_the_bound() throws IOException {
    Path good = folder.resolve("good");
    Path grown = folder.resolve("grown");
    handIn(1, "f32-flash", good);
    handIn(1 + 2e-7, "f32-flash", grown);
    diff(good, grown).is(ExitCode.PASS, "the error of 1 tensors grew", CASE + " (f32-flash), out");
  }

  @Test
  void a_case_of_another_class_or_a_broken_file_is_no_less_worse() throws IOException {
    Path good = folder.resolve("good");
    Path bad = folder.resolve("bad");
    handIn(1, "f32-flash", good);
    handIn(1.5, "bf16-flash", bad);
    diff(good, bad).is(ExitCode.MALFORMED, "1 worse");
    Path broken = folder.resolve("broken");
    handIn(1, "f32-flash", broken);
    Path file = broken.resolve(CASE + ".safetensors");
    Files.write(file, Arrays.copyOf(Files.readAllBytes(file), 40));
    diff(good, broken).is(ExitCode.MALFORMED, "passed -> malformed");
  }

  @Test
  void a_difference_of_nothing_is_no_pass() throws IOException {
    Path empty = Files.createDirectories(folder.resolve("empty"));
    diff(empty, empty).is(ExitCode.NOTHING_RUN, "1 as before");
    diff(empty, folder.resolve("none")).is(ExitCode.MALFORMED, "is no folder");
    assay("diff", empty.toString(), empty.toString(), "--format", "junit")
        .is(ExitCode.USAGE, "text or json");
  }

  private static Ran diff(Path before, Path after) {
    return assay("diff", before.toString(), after.toString(), "--case", CASE);
  }
}
