package dev.assay.cli;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.conformance.Parity;
import dev.assay.gradcheck.conformance.Replay;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.gradcheck.verdict.RunVerdict;
import java.io.IOException;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.Callable;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code assay parity}: one engine against another. */
@Command(
    name = "parity",
    header = "Holds one engine against another, on the suite and on random problems.",
    description =
        "Results may lie apart by the bounds of both engines' classes together. A random problem that "
            + "fails is made smaller as long as it still fails.",
    mixinStandardHelpOptions = true)
final class ParityCommand implements Callable<Integer> {
  @Mixin private JudgeOptions options = new JudgeOptions();

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(names = "--engine", required = true, paramLabel = "ID", description = "Who is judged.")
  private String engine = "";

  @Option(
      names = "--against",
      defaultValue = "scalar",
      paramLabel = "ID",
      description = "Whom it is held against (default: ${DEFAULT-VALUE}).")
  private String against = "scalar";

  @Option(
      names = "--tries",
      defaultValue = "100",
      paramLabel = "N",
      description = "Random problems; 0 for the suite alone (default: ${DEFAULT-VALUE}).")
  private int tries;

  @Option(
      names = "--seed",
      defaultValue = "1",
      description = "Seed of the random problems (default: ${DEFAULT-VALUE}).")
  private int seed;

  @Option(
      names = "--try",
      paramLabel = "K",
      description = "Only the random problem of this number, and not the suite.")
  private @Nullable Integer only;

  @Override
  public Integer call() throws IOException {
    device.choose();
    Usage.atLeast(0, tries, "--tries");
    Usage.atLeast(0, only == null ? 0 : only, "--try");
    options.withoutClass("parity judges by the classes of both engines");
    try {
      Suite suite = options.suite();
      Integer one = only;
      List<GoldenCase> cases = one == null ? options.cases(suite) : List.of();
      List<String> absent =
          Stream.of(engine, against)
              .distinct()
              .map(EngineChoice::absence)
              .flatMap(Optional::stream)
              .toList();
      if (!absent.isEmpty()) {
        String name = suite.id() + " " + suite.version();
        return options.finish(new RunVerdict(name, List.of(), absent, List.of()));
      }
      int first = one == null ? 0 : one;
      int count = one == null ? tries : 1;
      try (ProgressLine progress = new ProgressLine("parity", (long) cases.size() + count)) {
        Engine judged = EngineChoice.find(engine);
        Engine judge = EngineChoice.find(against);
        Replay replay =
            options.repeating(Launch.replay("parity", "--engine", engine, "--against", against));
        return options.finish(
            new Parity(suite, cases, judged, judge, seed, first, count, replay).run(progress));
      }
    } catch (JudgeOptions.Unfit failure) {
      return options.unfit(failure);
    }
  }
}
