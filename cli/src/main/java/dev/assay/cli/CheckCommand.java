package dev.assay.cli;

import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.gradcheck.conformance.Check;
import dev.assay.gradcheck.conformance.Replay;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Suite;
import java.io.IOException;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Optional;
import java.util.Set;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code assay check}: every engine found here against the golden suite. */
@Command(
    name = "check",
    header = "Judges the engines found here by the golden suite, forward and gradients.",
    description =
        "Every element of every result has a bound of its own, derived from the case's data and the "
            + "engine's arithmetic. The suite's SPEC.md says how.",
    mixinStandardHelpOptions = true)
final class CheckCommand implements Callable<Integer> {
  private static final long GIGABYTE = 1_000_000_000;

  @Mixin private JudgeOptions options = new JudgeOptions();

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--engine",
      split = ",",
      paramLabel = "ID",
      description = "Only these engines; one that is absent is then a failure.")
  private List<String> engines = new ArrayList<>();

  @Option(
      names = "--require",
      split = ",",
      paramLabel = "ID",
      description = "Engines that have to be here: without them the exit code is 5.")
  private List<String> required = new ArrayList<>();

  @Option(
      names = "--memory",
      paramLabel = "GB",
      defaultValue = "1",
      description =
          "What the tensors of a case of the family regen may take (default: ${DEFAULT-VALUE}). One that "
              + "needs more is counted as not supported.")
  private int memory;

  @Override
  public Integer call() throws IOException {
    device.choose();
    Usage.atLeast(1, memory, "--memory");
    Set<String> demanded = new LinkedHashSet<>(required);
    demanded.addAll(engines);
    List<String> absent =
        demanded.stream().map(EngineChoice::absence).flatMap(Optional::stream).toList();
    demanded.removeIf(id -> EngineChoice.absence(id).isPresent());
    try {
      Suite suite = options.suite();
      List<GoldenCase> cases = options.cases(suite);
      List<Engine> chosen = chosen();
      try (ProgressLine progress = new ProgressLine("check", (long) cases.size() * chosen.size())) {
        Check check =
            new Check(
                suite,
                cases,
                chosen,
                List.copyOf(demanded),
                options.precision(),
                options.repeating(replay()),
                memory * GIGABYTE);
        return options.finish(check.run(progress).without(absent));
      }
    } catch (JudgeOptions.Unfit failure) {
      return options.unfit(failure);
    }
  }

  private Replay replay() {
    Replay replay = Launch.replay("check");
    return memory * GIGABYTE == Check.MEMORY
        ? replay
        : replay.with("--memory", Integer.toString(memory));
  }

  private List<Engine> chosen() {
    if (engines.isEmpty()) {
      return Engines.all();
    }
    return engines.stream().distinct().map(EngineChoice::loaded).flatMap(Optional::stream).toList();
  }
}
