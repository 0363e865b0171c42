package dev.assay.cli;

import dev.assay.gradcheck.conformance.PipedProgram;
import dev.assay.gradcheck.conformance.Replay;
import dev.assay.gradcheck.conformance.Verify;
import dev.assay.gradcheck.export.Export;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay pipe}: a program is asked the golden cases and judged by its answers. */
@Command(
    name = "pipe",
    header = "Starts a program, asks it every golden case and judges its answers, without files.",
    description = {
      "The program reads prompts from its standard input and writes results to its standard output: the "
          + "suite's SPEC.md, section 12. The folder examples/pipe has such programs.",
      "For instance: assay pipe --class f32-flash -- python3 examples/pipe/numpy_kernel.py"
    },
    mixinStandardHelpOptions = true)
final class PipeCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private JudgeOptions options = new JudgeOptions();

  @Option(
      names = "--timeout",
      paramLabel = "SECONDS",
      defaultValue = "60",
      description = "How long one answer may take (default: ${DEFAULT-VALUE}).")
  private int timeout;

  @Option(
      names = "--complete",
      description = "A case without a result is a failure, and so is one without LSE or gradients.")
  private boolean complete;

  @Parameters(
      paramLabel = "COMMAND",
      arity = "1..*",
      description = "The program and its words, behind '--'.")
  private List<String> command = List.of();

  @Override
  public Integer call() throws IOException {
    Usage.atLeast(1, timeout, "--timeout");
    PrecisionClass precision = options.precision();
    if (precision == null) {
      throw new ParameterException(
          spec.commandLine(), "--class is missing: name the class of precision of the program");
    }
    try {
      Suite suite = options.suite();
      String instead = "a pipe does not carry them; draw them as SPEC.md says, and use 'verify'";
      return judge(suite, options.storedCases(suite, instead), precision);
    } catch (JudgeOptions.Unfit failure) {
      return options.unfit(failure);
    }
  }

  private int judge(Suite suite, List<GoldenCase> cases, PrecisionClass precision)
      throws IOException {
    try (PipedProgram program = started(cases, precision);
        ProgressLine progress = new ProgressLine("pipe", cases.size())) {
      return options.finish(
          new Verify(suite, cases, program, precision.id(), Map.of(), complete, replay())
              .run(progress));
    }
  }

  private PipedProgram started(List<GoldenCase> cases, PrecisionClass precision) {
    try {
      return PipedProgram.start(
          command,
          cases,
          precision,
          Duration.ofSeconds(timeout),
          golden -> Export.question(golden, precision));
    } catch (IOException absent) {
      throw new Absent(String.valueOf(absent.getMessage()));
    } catch (IllegalArgumentException none) {
      throw new ParameterException(spec.commandLine(), none.getMessage(), none);
    }
  }

  private Replay replay() {
    Replay replay = options.repeating(Launch.replay("pipe"));
    List<String> last = new ArrayList<>(List.of("--"));
    last.addAll(command);
    Replay all = complete ? replay.with("--complete") : replay;
    return new Replay(all.command(), all.words(), last);
  }
}
