package dev.assay.bench.headline;

import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Point.Plot;
import dev.assay.bench.report.Row;
import dev.assay.bench.report.Statistics;
import dev.assay.bench.report.Statistics.Line;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;

/**
 * Whether time falls with the share of blocks that exist, down to nearly none: a straight line
 * through nearly nothing.
 *
 * @param n tokens
 * @param heads heads
 */
record DensityLine(int n, int heads) implements Experiment {
  private static final double[] SHARES = {0.01, 0.02, 0.05, 0.10, 0.25, 0.50, 1};

  @Override
  public String id() {
    return "density";
  }

  @Override
  public List<Goal> goals(int threads) {
    return List.of(
        Goal.deviation(
            "residual",
            "time against density, n = " + n + ": largest distance from a straight line",
            0.05,
            null),
        Goal.deviation(
            "intercept",
            "time against density, n = " + n + ": what the line says of none, of dense",
            0.03,
            0.01));
  }

  @Override
  public Sample run(Lab lab) {
    int judged = Math.min(n, ShareOfPeak.JUDGED);
    lab.judge(Recipes.share(SHARES[4]), judged, judged);
    SequencedMap<String, Runnable> tasks = new LinkedHashMap<>();
    double[] x = new double[SHARES.length];
    Subject all = Subject.of(Recipes.DENSE, n, heads);
    for (int p = 0; p < SHARES.length; p++) {
      Subject subject = new Subject(Recipes.share(SHARES[p]).on(all.work().problem()), all.dOut());
      // What was drawn, not what was asked for: a row has a whole number of blocks.
      x[p] = subject.pairs() / all.pairs();
      tasks.put("share" + p, () -> subject.forward(lab.engine()));
    }
    tasks.put("dense", () -> all.forward(lab.engine()));
    Rounds rounds = lab.time(tasks);
    Sample sample = new Sample();
    double[] y = new double[SHARES.length];
    for (int p = 0; p < SHARES.length; p++) {
      y[p] = rounds.millis("share" + p);
      sample.plot(Plot.DENSITY, "blocks of 64", x[p], y[p]);
    }
    double dense = rounds.millis("dense");
    Line line = Statistics.line(x, y);
    return sample
        .plot(Plot.DENSITY, "dense", 1, dense)
        .put("residual", line.residual())
        .put("intercept", Math.abs(line.intercept()) / dense)
        .put(Row.MILLIS, dense)
        .put("millis_of_one_percent", y[0])
        .put(Row.PEAK, rounds.peak());
  }
}
