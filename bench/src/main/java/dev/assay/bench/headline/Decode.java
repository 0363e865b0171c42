package dev.assay.bench.headline;

import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Point.Plot;
import dev.assay.bench.report.Row;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * One query against a long row of keys: with one block in twenty selected against all of them, and
 * how near that comes to what the memory can deliver.
 *
 * <p>The selection changes from run to run, as it does from token to token: blocks that are still
 * in the caches would make it look faster than the memory.
 *
 * @param keys keys
 * @param heads heads
 */
record Decode(int keys, int heads) implements Experiment {
  private static final int STRIDE = 20;
  private static final double GIGA = 1e9;
  private static final double MILLI = 1e-3;

  @Override
  public String id() {
    return "decode";
  }

  @Override
  public List<Goal> goals(int threads) {
    String what = "decode, %d keys, %d heads, 5 %% of the blocks: ".formatted(keys, heads);
    return List.of(
        Goal.times(Row.RATIO, what + "against own dense decode", 12, 18),
        Goal.share("bandwidth_share", what + "share of the copy loop's bandwidth", 0.60, 0.80));
  }

  @Override
  public Sample run(Lab lab) {
    int judged = Math.min(keys, 4096);
    lab.judge(Recipes.DENSE, 1, judged);
    lab.judge(Recipes.everyBlock(STRIDE, 0), 1, judged);
    Subject dense = Subject.of(Recipes.DENSE, 1, keys, heads);
    List<Subject> selections = new ArrayList<>();
    for (int turn = 0; turn < STRIDE; turn++) {
      Recipe recipe = Recipes.everyBlock(STRIDE, turn);
      selections.add(new Subject(recipe.on(dense.work().problem()), dense.dOut()));
    }
    int threads = Threads.configured();
    try (CopyLoop copy = new CopyLoop(threads)) {
      SequencedMap<String, Runnable> tasks = new LinkedHashMap<>();
      // All selections in one task: their number of blocks differs by one.
      tasks.put("selected", () -> selections.forEach(s -> s.forward(lab.engine())));
      tasks.put("dense", () -> dense.forward(lab.engine()));
      tasks.put("copy", copy::run);
      return sample(dense, lab.time(tasks), copy.run());
    }
  }

  /** All selections together read every key once, as the dense run does. */
  private static Sample sample(Subject dense, Rounds rounds, double copied) {
    double bytes = dense.inputBytes();
    double bandwidth = rate(copied, rounds.millis("copy"));
    double selected = rate(bytes, rounds.millis("selected"));
    double all = rate(bytes, rounds.millis("dense"));
    double intensity = dense.flops(4) / bytes;
    return new Sample()
        .put(Row.RATIO, STRIDE * rounds.ratio("dense", "selected"))
        .put("bandwidth_share", selected / bandwidth)
        .put("dense_bandwidth_share", all / bandwidth)
        .put(Row.MILLIS, rounds.millis("selected") / STRIDE)
        .put("dense_millis", rounds.millis("dense"))
        .put(Row.BANDWIDTH, bandwidth)
        .put(Row.PEAK, rounds.peak())
        .plot(Plot.ROOFLINE, "decode, 5 %", intensity, selected * intensity)
        .plot(Plot.ROOFLINE, "decode, dense", intensity, all * intensity);
  }

  private static double rate(double bytes, double millis) {
    return bytes / (millis * MILLI) / GIGA;
  }
}
