package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.NoSuchFileException;
import java.util.concurrent.Callable;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;
import picocli.CommandLine.Command;

class AssayTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void help_names_every_exit_code_and_passes() {
    assertEquals(ExitCode.PASS, assay().execute("--help"));
    for (String code : new String[] {"0", "1", "2", "3", "4", "5", "70", "130"}) {
      assertTrue(
          out.toString().lines().anyMatch(line -> line.strip().startsWith(code + "  ")), code);
    }
  }

  @Test
  void no_verb_is_a_usage_error() {
    assertEquals(ExitCode.USAGE, assay().execute());
    assertTrue(err.toString().contains("No verb was given"), err.toString());
  }

  @Test
  void an_unknown_option_is_a_usage_error_of_two_lines() {
    assertEquals(ExitCode.USAGE, assay().execute("--no-such-option"));
    assertEquals(2, err.toString().lines().count(), err.toString());
  }

  @Test
  void every_verb_explains_itself() {
    for (CommandLine verb : assay().getSubcommands().values()) {
      assertFalse(
          String.join("", verb.getCommandSpec().usageMessage().description()).isBlank()
              && String.join("", verb.getCommandSpec().usageMessage().header()).isBlank(),
          verb.getCommandName());
    }
  }

  @Test
  void bad_input_is_one_sentence_and_code_3() {
    assertEquals(ExitCode.MALFORMED, failing(new IllegalArgumentException("q has 3 heads.")));
    assertEquals("assay: q has 3 heads.", err.toString().strip());
  }

  @Test
  void a_missing_file_is_named() {
    assertEquals(ExitCode.MALFORMED, failing(new NoSuchFileException("a.npz")));
    assertEquals("assay: a.npz does not exist.", err.toString().strip());
  }

  @Test
  void an_interrupted_verb_answers_130() {
    assertEquals(ExitCode.INTERRUPTED, failing(new InterruptedException()));
  }

  @Test
  void our_own_fault_is_code_70_and_hides_the_stack_trace_until_asked() {
    assertEquals(ExitCode.INTERNAL, failing(new IllegalStateException("lost")));
    assertEquals(1, err.toString().lines().count(), err.toString());
    assertEquals(ExitCode.INTERNAL, failing(new IllegalStateException("lost"), "--stack-trace"));
    assertTrue(err.toString().contains("\tat "), err.toString());
  }

  @Test
  void the_heaviest_code_wins() {
    assertEquals(ExitCode.MALFORMED, ExitCode.of(0, 5, 1, 3));
    assertEquals(ExitCode.MISMATCH, ExitCode.of(0, 5, 1));
    assertEquals(ExitCode.NOTHING_RUN, ExitCode.of(0, 5));
    assertEquals(ExitCode.PASS, ExitCode.of(0, 0));
  }

  private CommandLine assay() {
    return Assay.commandLine().setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
  }

  @Test
  void running_out_of_memory_is_not_a_verdict() {
    assertEquals(
        ExitCode.INTERNAL, Failures.error(new OutOfMemoryError("Java heap space"), assay()));
    assertTrue(err.toString().contains("-Xmx"), err.toString());
  }

  private int failing(Exception failure, String... options) {
    CommandLine line = assay();
    line.addSubcommand("fail", new Fail(failure));
    // set again, because a verb only inherits the handlers that are set after it was added
    line.setExecutionExceptionHandler(line.getExecutionExceptionHandler());
    String[] args = new String[options.length + 1];
    System.arraycopy(options, 0, args, 0, options.length);
    args[options.length] = "fail";
    return line.setErr(new PrintWriter(err)).execute(args);
  }

  @Command(name = "fail", description = "Throws what it was given.")
  private record Fail(Exception failure) implements Callable<Integer> {
    @Override
    public Integer call() throws Exception {
      throw failure;
    }
  }
}
