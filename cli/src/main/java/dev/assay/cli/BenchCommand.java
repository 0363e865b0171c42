package dev.assay.cli;

import dev.assay.bench.Compare;
import dev.assay.bench.Comparison;
import dev.assay.bench.Work;
import dev.assay.bench.Workload;
import dev.assay.bench.headline.Sizes;
import dev.assay.engine.Engine;
import dev.assay.engine.UnsupportedPlanException;
import java.io.IOException;
import java.io.PrintWriter;
import java.util.List;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code assay bench}: how fast, how much memory, and first of all whether it is right. */
@Command(
    name = "bench",
    header = "Compares engines: time, share of the multiply-add peak, memory, error.",
    description = {
      "Results are judged first: who is outside the bounds of its precision class is not timed.",
      "Then all engines run in interleaved rounds, together with a loop of nothing but"
          + " multiply-adds, and each once more in a JVM of its own for its memory.",
      "With --suite device: the kernels of engines that have a device, by the device's clock.",
      "With --suite headline: every figure that the project promises, held to its goal, in JVMs of"
          + " its own. Exit code 1 if one is missed, 5 if nothing was measured."
    },
    mixinStandardHelpOptions = true)
final class BenchCommand implements Callable<Integer> {
  @Spec private CommandSpec spec = CommandSpec.create();

  @Mixin private DeviceOption device = new DeviceOption();

  @Option(
      names = "--compare",
      split = ",",
      paramLabel = "ENGINE",
      defaultValue = "simd,scalar",
      description = "Engines; ratios refer to the first (default: ${DEFAULT-VALUE}).")
  private List<String> ids = List.of();

  @Option(
      names = "--work",
      defaultValue = "DENSE",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Work work = Work.DENSE;

  @Option(
      names = "--n",
      defaultValue = "2048",
      description = "Queries, and keys (default: ${DEFAULT-VALUE}).")
  private int n;

  @Option(names = "--heads", defaultValue = "8", description = "Heads (default: ${DEFAULT-VALUE}).")
  private int heads;

  @Option(
      names = "--kv-heads",
      defaultValue = "0",
      description = "Heads of keys and values; 0 for as many as --heads (default).")
  private int kvHeads;

  @Option(names = "--d", defaultValue = "64", description = "Channels (default: ${DEFAULT-VALUE}).")
  private int depth;

  @Option(
      names = "--rounds",
      defaultValue = "3",
      description = "Interleaved rounds (default: ${DEFAULT-VALUE}).")
  private int rounds;

  @Option(
      names = "--warm-up",
      paramLabel = "SECONDS",
      defaultValue = "3",
      description = "How long each pass of each engine runs before (default: ${DEFAULT-VALUE}).")
  private double warmUp;

  @Option(
      names = "--format",
      defaultValue = "TEXT",
      description = "One of ${COMPLETION-CANDIDATES} (default: ${DEFAULT-VALUE}).")
  private Format format = Format.TEXT;

  @Mixin private HeadlineOptions headline = new HeadlineOptions();

  @Override
  public Integer call() throws IOException, InterruptedException {
    device.choose();
    headline.check(spec);
    Usage.atLeast(1, rounds, "--rounds");
    Usage.require(
        warmUp >= 0 && Double.isFinite(warmUp),
        "--warm-up is %s: it must be a number of seconds, at least 0",
        warmUp);
    if (headline.report != null) {
      return new HeadlineRun(spec, headline).page();
    }
    if (headline.suite == HeadlineOptions.Suite.DEVICE) {
      return new DeviceRun(spec, headline.out, headline.sizes == Sizes.TINY)
          .measure(rounds, format == Format.JSON);
    }
    if (headline.suite != null) {
      return new HeadlineRun(spec, headline).measure(rounds, warmUp, format == Format.JSON);
    }
    return compare();
  }

  private int compare() throws IOException, InterruptedException {
    Workload workload = workload();
    PrintWriter err = spec.commandLine().getErr();
    Comparison comparison;
    try {
      comparison =
          new Compare(
                  workload,
                  engines(),
                  rounds,
                  warmUp,
                  stage -> {
                    err.println("assay: " + stage);
                    err.flush();
                  })
              .run();
    } catch (UnsupportedPlanException unsupported) {
      err.println("assay: " + unsupported.getMessage());
      err.flush();
      return ExitCode.NOTHING_RUN;
    }
    PrintWriter out = spec.commandLine().getOut();
    if (format == Format.JSON) {
      out.println(BenchJson.of(comparison));
      out.flush();
    } else {
      new BenchText(out, comparison).print();
    }
    return comparison.allWithinBounds() ? ExitCode.PASS : ExitCode.MISMATCH;
  }

  private Workload workload() {
    Usage.atLeast(1, n, "--n");
    Usage.atLeast(1, heads, "--heads");
    Usage.atLeast(0, kvHeads, "--kv-heads");
    Usage.atLeast(1, depth, "--d");
    int keyHeads = kvHeads == 0 ? heads : kvHeads;
    Usage.require(
        heads % keyHeads == 0,
        "--heads is %d: it must be a multiple of --kv-heads, %d",
        heads,
        keyHeads);
    return new Workload(work, n, heads, keyHeads, depth);
  }

  private List<Engine> engines() {
    return ids.stream().map(EngineChoice::find).toList();
  }
}
