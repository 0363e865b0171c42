package dev.assay.bench.headline;

import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Point.Plot;
import dev.assay.bench.report.Row;
import dev.assay.bench.report.Statistics;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;

/**
 * Whether the time of chunked attention grows with the length and no faster.
 *
 * @param fromLog2 shortest length, as a power of two
 * @param toLog2 longest
 */
record LongChunks(int fromLog2, int toLog2) implements Experiment {
  private static final int HEADS = 2;
  private static final Map<String, String> SETTINGS =
      Map.of("sizeRule", "FIXED", "size", "128", "combination", "JOINT", "t", "2");

  @Override
  public String id() {
    return "chunks-linear";
  }

  @Override
  public List<Goal> goals(int threads) {
    return List.of(
        Goal.deviation(
            "deviation",
            "chunks of 128 with 2 neighbours, 2 heads, n = 2^%d..2^%d: deviation from linear"
                .formatted(fromLog2, toLog2),
            0.15,
            0.05));
  }

  @Override
  public Sample run(Lab lab) {
    Recipe recipe = Recipes.chunking(SETTINGS);
    lab.judge(recipe, 2 * ShareOfPeak.JUDGED, 2 * ShareOfPeak.JUDGED);
    SequencedMap<String, Runnable> tasks = new LinkedHashMap<>();
    List<Double> lengths = new ArrayList<>();
    double flops = 0;
    for (int log2 = fromLog2; log2 <= toLog2; log2++) {
      Subject subject = Subject.of(recipe, 1 << log2, HEADS);
      flops = subject.flops(4);
      lengths.add((double) (1 << log2));
      tasks.put("n" + log2, () -> subject.forward(lab.engine()));
    }
    Rounds rounds = lab.time(tasks);
    Sample sample = new Sample();
    double[] x = lengths.stream().mapToDouble(Double::doubleValue).toArray();
    double[] y = new double[x.length];
    for (int p = 0; p < x.length; p++) {
      y[p] = rounds.millis("n" + (fromLog2 + p));
      sample.plot(Plot.TIME, "chunks of 128, 2 heads", x[p], y[p]);
    }
    return sample
        .put("deviation", Statistics.deviationFromProportional(x, y))
        .put(Row.MILLIS, y[y.length - 1])
        .put(Row.SHARE, rounds.share("n" + toLog2, flops))
        .put(Row.PEAK, rounds.peak());
  }
}
