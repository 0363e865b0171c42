package dev.assay.bench;

import dev.assay.accelerated.simd.FmaPeak;
import dev.assay.bench.Comparison.Row;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.ScalarEngine;
import dev.assay.engine.Support;
import dev.assay.engine.UnsupportedPlanException;
import dev.assay.plan.MergePlan.Branch;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.EnumMap;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/**
 * Puts engines side by side: first whether their results are right, then how fast they are in
 * interleaved rounds, so that whatever else the machine does hits all alike, then how much memory
 * they take, each in a JVM of its own.
 *
 * @param workload what all are given
 * @param engines at least one; the first is what ratios refer to
 * @param rounds interleaved rounds
 * @param warmUpSeconds how long each engine runs each pass before, and again in the JVM that
 *     measures its memory; compiling vector code takes a second or two
 * @param progress is told what begins
 */
public record Compare(
    Workload workload,
    List<Engine> engines,
    int rounds,
    double warmUpSeconds,
    Consumer<String> progress) {
  /** A fast engine is run again within a round, for about this long. */
  private static final double ROUND_SECONDS = 0.4;

  private static final double NANOS = 1e9;

  /**
   * Runs everything. If an engine leaves its bounds nobody is timed.
   *
   * @throws UnsupportedPlanException if an engine cannot run the workload forward and backward
   */
  public Comparison run() throws IOException, InterruptedException {
    engines.forEach(this::requireSupport);
    List<@Nullable Accuracy> accuracies = new ArrayList<>();
    boolean right = true;
    for (Engine engine : engines) {
      Accuracy accuracy = accuracy(engine);
      right &= accuracy == null || accuracy.withinBounds();
      accuracies.add(accuracy);
    }
    FmaPeak peak = new FmaPeak();
    if (!right) {
      return new Comparison(workload, peak.gigaflops(), peak.threads(), rows(accuracies));
    }
    List<Double> peaks = new ArrayList<>();
    List<Map<Pass, Timing>> timings = time(peak, peaks);
    Collections.sort(peaks);
    List<Row> rows = new ArrayList<>();
    for (int e = 0; e < engines.size(); e++) {
      Engine engine = engines.get(e);
      progress.accept("memory of " + engine.id());
      PeakMemory memory = PeakMemory.of(workload, engine, warmUpSeconds);
      rows.add(row(engine, timings.get(e), memory, accuracies.get(e)));
    }
    return new Comparison(workload, peaks.get(peaks.size() / 2), peak.threads(), rows);
  }

  private void requireSupport(Engine engine) {
    Branch work = workload.on(engine.storage());
    Support support =
        engine.supports(
            work.problem(), work.plan(), EnumSet.of(Demand.FORWARD, Demand.LSE, Demand.BACKWARD));
    if (!support.yes()) {
      throw new UnsupportedPlanException(engine.id(), support.reason());
    }
  }

  private @Nullable Accuracy accuracy(Engine engine) {
    if (engine instanceof ScalarEngine) {
      return null;
    }
    progress.accept("results of " + engine.id() + " against the fp64 engine");
    return Accuracy.of(workload, engine);
  }

  private List<Row> rows(List<@Nullable Accuracy> accuracies) {
    List<Row> rows = new ArrayList<>();
    for (int e = 0; e < engines.size(); e++) {
      rows.add(row(engines.get(e), Map.of(), null, accuracies.get(e)));
    }
    return rows;
  }

  private static Row row(
      Engine engine,
      Map<Pass, Timing> timings,
      @Nullable PeakMemory memory,
      @Nullable Accuracy accuracy) {
    String description = engine.availability().description();
    return new Row(engine.id(), description, timings, memory, accuracy);
  }

  /** Medians over rounds in which every engine and the peak have their turn. */
  private List<Map<Pass, Timing>> time(FmaPeak peak, List<Double> peaks) {
    List<EngineRun> runs = engines.stream().map(e -> new EngineRun(workload, e)).toList();
    List<Map<Pass, List<Long>>> nanos = new ArrayList<>();
    runs.forEach(_ -> nanos.add(new EnumMap<>(Pass.class)));
    progress.accept("warming up");
    for (EngineRun run : runs) {
      for (Pass pass : Pass.values()) {
        repeat(run, pass, warmUpSeconds);
      }
    }
    for (int round = 0; round < rounds; round++) {
      progress.accept("round " + (round + 1) + " of " + rounds);
      for (int e = 0; e < runs.size(); e++) {
        for (Pass pass : Pass.values()) {
          peaks.add(peak.gigaflops());
          nanos
              .get(e)
              .computeIfAbsent(pass, _ -> new ArrayList<>())
              .addAll(repeat(runs.get(e), pass, ROUND_SECONDS));
        }
      }
    }
    return nanos.stream().map(Compare::timings).toList();
  }

  private static List<Long> repeat(EngineRun run, Pass pass, double seconds) {
    List<Long> nanos = new ArrayList<>();
    long spent = 0;
    while (spent < seconds * NANOS) {
      long once = run.nanos(pass);
      nanos.add(once);
      spent += once;
    }
    return nanos;
  }

  private static Map<Pass, Timing> timings(Map<Pass, List<Long>> nanos) {
    Map<Pass, Timing> timings = new EnumMap<>(Pass.class);
    nanos.forEach(
        (pass, all) ->
            timings.put(pass, Timing.ofNanos(all.stream().mapToLong(Long::longValue).toArray())));
    return timings;
  }
}
