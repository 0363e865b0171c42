package dev.assay.gradcheck.conformance;

import static dev.assay.gradcheck.conformance.Talker.PATIENCE;
import static dev.assay.gradcheck.conformance.Talker.cases;
import static dev.assay.gradcheck.conformance.Talker.judged;
import static dev.assay.gradcheck.conformance.Talker.reason;
import static dev.assay.gradcheck.conformance.Talker.statuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.report.Format;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.time.Duration;
import java.util.Collections;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * Programs that fall silent, leave others behind or command the reader, and failures that are none
 * of theirs.
 */
class HostileProgramTest {
  private static final int SECONDS = 120;

  /** So many seconds a process lives on that a program has left behind. */
  private static final int LEFT_BEHIND = 40;

  private static final String LEAVE_BEHIND =
      "if os.fork() == 0: time.sleep(%d)\n".formatted(LEFT_BEHIND);

  @Test
  @Timeout(SECONDS)
  void a_silent_program_is_killed_in_time() throws IOException {
    RunVerdict verdict = judged("time.sleep(1000)\n", cases(), Duration.ofSeconds(1));
    assertEquals(Status.FAILED, statuses(verdict).getFirst());
    assertTrue(reason(verdict, 0).contains("no answer came within 1 s"), reason(verdict, 0));
  }

  @Test
  @Timeout(SECONDS)
  void a_process_that_the_program_leaves_behind_with_its_pipes_is_not_waited_for()
      throws IOException {
    String program = "import os\ntime.sleep(1)\n" + LEAVE_BEHIND;
    long start = System.nanoTime();
    RunVerdict verdict = judged(program, HandedIn.SUITE.cases(), Duration.ofSeconds(4));
    assertTrue(reason(verdict, 0).contains("no answer came within 4 s"), reason(verdict, 0));
    assertWithin(LEFT_BEHIND, start);
  }

  @Test
  @Timeout(SECONDS)
  void a_process_that_is_left_behind_after_the_last_answer_is_not_waited_for() throws IOException {
    String program = "import os\nwhile n := number(): say(no(n))\ntime.sleep(1)\n" + LEAVE_BEHIND;
    long start = System.nanoTime();
    RunVerdict verdict = judged(program, cases(), PATIENCE);
    assertEquals(Collections.nCopies(3, Status.NOT_SUPPORTED), statuses(verdict));
    assertTrue(
        verdict.notes().toString().contains("output did not end"), verdict.notes()::toString);
    assertWithin(LEFT_BEHIND, start);
  }

  private static void assertWithin(int seconds, long start) {
    Duration took = Duration.ofNanos(System.nanoTime() - start);
    assertTrue(took.toSeconds() < seconds, () -> "it took " + took);
  }

  @Test
  @Timeout(SECONDS)
  void a_prompt_that_cannot_be_made_is_no_fault_of_the_program() {
    UncheckedIOException failure =
        assertThrows(
            UncheckedIOException.class,
            () ->
                judged(
                    "number()\n",
                    cases(),
                    PATIENCE,
                    _ -> {
                      throw new IOException("planted");
                    }));
    assertTrue(
        String.valueOf(failure.getMessage())
            .endsWith("the prompt for basic/dense-f32 could not be made: planted"),
        failure::getMessage);
  }

  @ParameterizedTest
  @ValueSource(classes = {IllegalStateException.class, OutOfMemoryError.class})
  @Timeout(SECONDS)
  void a_failure_of_assay_ends_the_run(Class<? extends Throwable> kind) {
    assertThrows(
        kind,
        () ->
            judged(
                "number()\n",
                cases(),
                PATIENCE,
                _ -> {
                  if (kind == OutOfMemoryError.class) {
                    throw new OutOfMemoryError("planted");
                  }
                  throw new IllegalStateException("planted");
                }));
  }

  @Test
  @Timeout(SECONDS)
  void what_a_program_says_of_itself_commands_nobody() throws IOException {
    String spoiler = "\\x1b[2J\\n  ::error::forged\\u202e";
    String program =
        """
        say(no(number(), impl='%1$s'))
        sys.stderr.write('%1$s')
        """
            .formatted(spoiler);
    RunVerdict verdict = judged(program, cases(), PATIENCE);
    assertEquals("\\u001b[2J\\u000a  ::error::forged\\u202e", description(verdict));
    for (Format format : Format.values()) {
      String report = format.write(verdict);
      assertTrue(report.contains("forged"), report);
      assertTrue(report.codePoints().noneMatch(c -> c == 0x1b || c == 0x202e), report);
      assertTrue(report.lines().noneMatch(line -> line.strip().startsWith("::error::")), report);
    }
  }

  private static String description(RunVerdict verdict) {
    return verdict.subjects().getFirst().description();
  }
}
