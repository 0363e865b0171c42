package dev.assay.gradcheck.conformance;

import static dev.assay.gradcheck.conformance.Talker.CLASS;
import static dev.assay.gradcheck.conformance.Talker.PATIENCE;
import static dev.assay.gradcheck.conformance.Talker.cases;
import static dev.assay.gradcheck.conformance.Talker.judged;
import static dev.assay.gradcheck.conformance.Talker.reason;
import static dev.assay.gradcheck.conformance.Talker.statuses;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * A program at the other end of a pipe is judged whatever it does, and never waited for forever.
 */
class PipedProgramTest {
  private static final int SECONDS = 120;

  @Test
  @Timeout(SECONDS)
  void what_is_not_supported_is_listed_by_its_reason() throws IOException {
    RunVerdict verdict = judged("while n := number():\n    say(no(n))\n", cases(), PATIENCE);
    assertEquals(Collections.nCopies(3, Status.NOT_SUPPORTED), statuses(verdict));
    assertEquals("not yet", reason(verdict, 0));
    assertTrue(reason(verdict, 1).contains("storage"), "not asked: " + reason(verdict, 1));
    assertEquals("talker", verdict.subjects().getFirst().description());
    assertEquals(List.of(), verdict.notes());
  }

  @Test
  @Timeout(SECONDS)
  void a_program_that_reads_all_prompts_of_the_suite_before_it_answers_blocks_nobody()
      throws IOException {
    List<GoldenCase> all = HandedIn.SUITE.cases();
    RunVerdict verdict =
        judged(
            "numbers = list(iter(number, None))\nsay(b''.join(no(n, more='x' * 1000) for n in numbers))\n",
            all,
            PATIENCE);
    assertEquals(Collections.nCopies(all.size(), Status.NOT_SUPPORTED), statuses(verdict));
  }

  @Test
  @Timeout(SECONDS)
  void a_program_that_writes_without_reading_blocks_nobody() throws IOException {
    List<GoldenCase> all = new ArrayList<>(HandedIn.SUITE.cases());
    all.removeIf(golden -> !golden.classes().contains(CLASS.id()));
    RunVerdict verdict =
        judged(
            "for n in range(%d): say(no('0', more='x' * 10000))\n".formatted(all.size()),
            all,
            PATIENCE);
    assertEquals(Collections.nCopies(all.size(), Status.MALFORMED), statuses(verdict));
    assertTrue(reason(verdict, 0).contains("tcId is '0'"), reason(verdict, 0));
  }

  @Test
  @Timeout(SECONDS)
  void a_death_fails_the_case_that_was_waited_for_and_shows_the_last_words() throws IOException {
    RunVerdict verdict =
        judged("say(no(number()))\nnumber()\nsys.exit('no more kernels')\n", cases(), PATIENCE);
    assertEquals(
        List.of(Status.NOT_SUPPORTED, Status.NOT_SUPPORTED, Status.FAILED), statuses(verdict));
    assertTrue(reason(verdict, 2).contains("exit code 1"), reason(verdict, 2));
    assertTrue(verdict.notes().toString().contains("no more kernels"), verdict.notes().toString());
  }

  @Test
  @Timeout(SECONDS)
  void what_follows_a_death_is_not_attempted() throws IOException {
    RunVerdict verdict = judged("import os\nos.kill(os.getpid(), 9)\n", cases(), PATIENCE);
    assertEquals(
        List.of(Status.FAILED, Status.NOT_SUPPORTED, Status.NOT_ATTEMPTED), statuses(verdict));
    assertTrue(reason(verdict, 0).contains("signal 9"), reason(verdict, 0));
    assertTrue(verdict.notes().toString().contains("0 of 2 prompts were answered"));
  }

  @Test
  @Timeout(SECONDS)
  void a_print_that_gets_into_the_pipe_is_named() throws IOException {
    RunVerdict verdict = judged("print('loading the model')\n", cases(), PATIENCE);
    assertEquals(Status.MALFORMED, statuses(verdict).getFirst());
    assertTrue(reason(verdict, 0).contains("the text 'loading'"), reason(verdict, 0));
  }

  @Test
  @Timeout(SECONDS)
  void a_frame_that_ends_early_is_malformed() throws IOException {
    RunVerdict verdict = judged("say(no(number())[:-5])\n", cases(), PATIENCE);
    assertEquals(Status.MALFORMED, statuses(verdict).getFirst());
    assertTrue(reason(verdict, 0).contains("bytes that it announced"), reason(verdict, 0));
  }

  @Test
  @Timeout(SECONDS)
  void a_file_that_is_none_does_not_spoil_the_next() throws IOException {
    String program = "number()\nsay(b'\\x14' + b'\\0' * 7 + b'\\xff' * 20)\nsay(no(number()))\n";
    RunVerdict verdict = judged(program, cases(), PATIENCE);
    assertEquals(
        List.of(Status.MALFORMED, Status.NOT_SUPPORTED, Status.NOT_SUPPORTED), statuses(verdict));
    assertTrue(reason(verdict, 0).contains("the answer to basic/dense-f32"), reason(verdict, 0));
  }

  @Test
  @Timeout(SECONDS)
  void more_than_the_last_answer_is_malformed() throws IOException {
    RunVerdict verdict =
        judged("while n := number():\n    say(no(n))\nsay(b'x')\n", cases(), PATIENCE);
    assertEquals(Status.MALFORMED, statuses(verdict).getLast());
    assertTrue(reason(verdict, 2).contains("wrote more"), reason(verdict, 2));
  }

  @Test
  @Timeout(SECONDS)
  void an_answer_without_its_number_is_malformed() throws IOException {
    RunVerdict verdict = judged("say(frame({}))\nnumber(); say(no(number()))\n", cases(), PATIENCE);
    assertEquals(Status.MALFORMED, statuses(verdict).getFirst());
    assertTrue(reason(verdict, 0).contains("no tcId"), reason(verdict, 0));
  }

  @Test
  void a_program_that_is_not_there_is_named() {
    IOException absent =
        assertThrows(
            IOException.class,
            () ->
                PipedProgram.start(
                    List.of("/no/such/kernel"), cases(), CLASS, PATIENCE, _ -> new byte[0]));
    assertTrue(
        String.valueOf(absent.getMessage()).contains("'/no/such/kernel' cannot be started"),
        absent.getMessage());
  }
}
