package dev.assay.cli;

import static dev.assay.cli.Ran.assay;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Runs of verify that are held against the run before. */
class HistoryCommandTest {
  private static final String CASE = "basic/causal-f32";

  @TempDir private Path folder = Path.of("");

  private Ran verify(double factor, String... more) throws IOException {
    ResultFiles.write(CASE, factor, "f32-flash", folder.resolve("results"));
    List<String> line =
        Stream.concat(
                Stream.of(
                    "verify",
                    folder.resolve("results").toString(),
                    "--case",
                    CASE,
                    "--history",
                    folder.resolve("runs").toString()),
                Stream.of(more))
            .toList();
    return assay(line.toArray(String[]::new));
  }

  private List<Path> runs() throws IOException {
    try (Stream<Path> all = Files.list(folder.resolve("runs"))) {
      return all.sorted().toList();
    }
  }

  @Test
  void the_first_run_is_kept_and_says_so() throws IOException {
    verify(1).is(ExitCode.PASS, "the first run of a history");
    assertEquals(1, runs().size());
  }

  @Test
  void a_case_that_fails_anew_is_told_and_the_exit_code_is_that_of_the_verdict()
      throws IOException {
    verify(1);
    verify(1.01)
        .is(
            ExitCode.MISMATCH,
            "1 worse, 0 better",
            "worse:",
            CASE + " (f32-flash): passed -> failed");
    verify(1.01).is(ExitCode.MISMATCH, "0 worse, 0 better, 0 otherwise changed, 1 as before");
    verify(1).is(ExitCode.PASS, "0 worse, 1 better", "failed -> passed");
    assertEquals(4, runs().size());
  }

  @Test
  void an_error_that_grows_within_its_bound_is_told() throws IOException {
    verify(1);
    verify(1 + 3e-7).is(ExitCode.PASS, "grown by more than 4 times", "out: error/bound");
  }

  @Test
  void a_document_for_programs_stays_one_and_has_the_news_as_a_note() throws IOException {
    verify(1);
    Ran ran = verify(1.01, "--format", "json");
    ran.is(ExitCode.MISMATCH, "1 worse, 0 better");
    assertTrue(ran.out().stripTrailing().endsWith("}"), ran.out());
    assertFalse(ran.out().contains("passed -> failed"), ran.out());
  }

  @Test
  void a_last_run_that_was_changed_by_hand_gives_3_and_nothing_is_kept() throws IOException {
    verify(1);
    String text = Files.readString(runs().getFirst());
    Files.writeString(runs().getFirst(), text.replace("PASSED", "FINE"));
    verify(1).is(ExitCode.MALFORMED, runs().getFirst().toString());
    Files.writeString(runs().getFirst(), text.replace("f32-flash", "f31"));
    verify(1).is(ExitCode.MALFORMED, "precision", "f31");
    assertEquals(1, runs().size());
  }

  @Test
  void a_file_in_place_of_the_folder_gives_3() throws IOException {
    Files.writeString(folder.resolve("runs"), "mine");
    verify(1).is(ExitCode.MALFORMED, "is a file: name a folder for it");
    assertEquals("mine", Files.readString(folder.resolve("runs")));
  }

  @Test
  void other_files_in_the_folder_are_left_alone() throws IOException {
    Files.createDirectory(folder.resolve("runs"));
    Path mine = Files.writeString(folder.resolve("runs").resolve("z.json"), "mine");
    verify(1).is(ExitCode.PASS, "the first run of a history");
    assertEquals("mine", Files.readString(mine));
  }
}
