package dev.assay.cli;

import dev.assay.file.Json;
import dev.assay.gradcheck.conformance.ResultFolder;
import dev.assay.gradcheck.conformance.Verify;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.report.Format;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.VerdictDiff;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code assay diff}: what changed between two sets of results. */
@Command(
    name = "diff",
    header =
        "Compares two sets of results: what became wrong, what became right, whose error grew.",
    description =
        "BEFORE and AFTER are folders as 'assay verify' takes them, for instance of the last release"
            + " and of today. Both are judged by the golden suite; the exit code is 1 if anything"
            + " got worse.",
    mixinStandardHelpOptions = true)
final class DiffCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private JudgeOptions options = new JudgeOptions();

  @Parameters(index = "0", paramLabel = "BEFORE", description = "A folder of results.")
  private Path before = Path.of("");

  @Parameters(index = "1", paramLabel = "AFTER", description = "Another.")
  private Path after = Path.of("");

  @Override
  public Integer call() throws IOException {
    Format format = options.format();
    Usage.require(
        format == Format.TEXT || format == Format.JSON,
        "--format is %s: a difference is told as text or json",
        format);
    try {
      Suite suite = options.suite();
      List<GoldenCase> cases = options.cases(suite);
      try (ProgressLine progress = new ProgressLine("diff", 2L * cases.size())) {
        RunVerdict was = verify(suite, cases, before, progress);
        RunVerdict now = verify(suite, cases, after, progress);
        return print(VerdictDiff.of(was, now), was, now);
      }
    } catch (JudgeOptions.Unfit failure) {
      return options.unfit(failure);
    }
  }

  private RunVerdict verify(Suite suite, List<GoldenCase> cases, Path folder, ProgressLine progress)
      throws IOException {
    PrecisionClass precision = options.precision();
    return new Verify(
            suite,
            cases,
            ResultFolder.open(folder, suite),
            precision == null ? null : precision.id(),
            Map.of(),
            false,
            options.repeating(Launch.replay("verify", folder.toString())))
        .run(progress);
  }

  private int print(VerdictDiff diff, RunVerdict was, RunVerdict now) {
    List<GateLine> gates = VerdictDiff.gates(was, now);
    PrintWriter out = spec.commandLine().getOut();
    if (options.format() == Format.JSON) {
      out.println(Json.mapper().writeValueAsString(DiffText.document(diff, gates)));
    } else {
      DiffText.lines(diff, gates).forEach(out::println);
    }
    out.flush();
    boolean worse = !diff.worse().isEmpty() || !gates.isEmpty();
    boolean nothing = diff.compared() == 0 || was.nothingRun() || now.nothingRun();
    return ExitCode.of(
        now.malformed() ? ExitCode.MALFORMED : ExitCode.PASS,
        worse ? ExitCode.MISMATCH : ExitCode.PASS,
        nothing ? ExitCode.NOTHING_RUN : ExitCode.PASS);
  }
}
