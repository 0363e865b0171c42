package dev.assay.cli;

import static dev.assay.cli.Ran.assay;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** A failing case is made small; the exit code says whether there was one. */
class ShrinkCommandTest {
  private static final String CASE = "basic/causal-f32";

  @TempDir private Path folder = Path.of("");

  @Test
  void a_wrong_kernel_gives_1_and_a_case_for_a_pencil() {
    assay("shrink", "--mutant", "M77", "--case", CASE)
        .is(ExitCode.MISMATCH, CASE + ", after", "stage: delta", "n_q 1, n_k 1");
  }

  @Test
  void results_in_a_folder_are_shown_as_they_are() throws IOException {
    ResultFiles.write(CASE, 1.01, "f32-flash", folder);
    assay("shrink", folder.toString(), "--case", CASE).is(ExitCode.MISMATCH, CASE, "stage: ");
    ResultFiles.write(CASE, 1, "f32-flash", folder);
    assay("shrink", folder.toString(), "--case", CASE)
        .is(ExitCode.PASS, "1 of 1 cases were judged, no number of them is wrong");
  }

  @Test
  void a_right_engine_gives_0_and_writes_nothing() throws IOException {
    assay("shrink", "--engine", "scalar", "--case", CASE, "--to", folder.toString())
        .is(ExitCode.PASS, "1 of 1 cases were run, none fails");
    try (Stream<Path> files = Files.list(folder)) {
      assertEquals(List.of(), files.toList());
    }
  }

  @Test
  void nothing_that_could_be_run_or_judged_gives_5() {
    assay("shrink", "--engine", "scalar", "--case", "refuse/more-key-heads")
        .is(ExitCode.NOTHING_RUN, "0 of 1 cases were run");
    assay("shrink", folder.toString(), "--case", CASE)
        .is(ExitCode.NOTHING_RUN, "0 of 1 cases were judged");
    assay("shrink", "--engine", "warp", "--case", CASE).is(ExitCode.NOTHING_RUN, "engine warp");
  }

  @Test
  void a_place_to_write_to_is_refused_where_nothing_right_could_be_written() {
    String to = folder.toString();
    assay("shrink", "--mutant", "M77", "--case", CASE, "--to", to)
        .is(ExitCode.USAGE, "--to is " + to, "replay.txt would run a right engine, not M77");
    assay("shrink", to, "--case", CASE, "--to", to).is(ExitCode.USAGE, "cannot be run again");
    assay("shrink", "--engine", "scalar", "--case", CASE, "--to", to + "/none")
        .is(ExitCode.USAGE, "name a folder that exists");
  }

  @Test
  void what_cannot_be_meant_gives_2() {
    assay("shrink", "--case", CASE).is(ExitCode.USAGE, "give exactly one");
    assay("shrink", "--engine", "simd", "--mutant", "M77", "--case", CASE)
        .is(ExitCode.USAGE, "give exactly one");
    assay("shrink", "--mutant", "M00", "--case", CASE).is(ExitCode.USAGE, "no wrong kernel");
    assay("shrink", "--mutant", "M77", "--case", "no/such").is(ExitCode.USAGE, "no/such");
  }
}
