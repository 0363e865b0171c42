package dev.assay.bench.headline;

import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Point.Plot;
import dev.assay.bench.report.Row;
import dev.assay.plan.Forward;
import java.util.List;
import java.util.function.IntFunction;

/**
 * How near a pass comes to the multiply-add peak of the same JVM and threads.
 *
 * @param id what the command line calls it
 * @param recipe which attention
 * @param n tokens
 * @param heads heads
 * @param pass what is timed
 * @param goal by threads
 */
record ShareOfPeak(String id, Recipe recipe, int n, int heads, Timed pass, IntFunction<Goal> goal)
    implements Experiment {
  /** Length on which results are judged: several blocks, and a ragged end. */
  static final int JUDGED = 300;

  /** What is timed, and its operations for each pair and channel by the usual count. */
  enum Timed {
    FORWARD(4),
    BACKWARD(10);

    private final int perPairAndChannel;

    Timed(int perPairAndChannel) {
      this.perPairAndChannel = perPairAndChannel;
    }
  }

  @Override
  public List<Goal> goals(int threads) {
    return List.of(goal.apply(threads));
  }

  @Override
  public boolean onEveryThreadCount() {
    return true;
  }

  @Override
  public Sample run(Lab lab) {
    lab.judge(recipe, Math.min(n, JUDGED), Math.min(n, JUDGED));
    Subject subject = Subject.of(recipe, n, heads);
    Forward forward = subject.forward(lab.engine());
    Rounds rounds =
        lab.time(
            pass == Timed.FORWARD
                ? () -> subject.forward(lab.engine())
                : () -> subject.backward(lab.engine(), forward));
    double flops = subject.flops(pass.perPairAndChannel);
    double millis = rounds.millis("subject");
    double rate = rounds.gigaflops("subject", flops);
    // A backward reads inputs, output and cotangent, and writes as much as the inputs are.
    double bytes =
        pass == Timed.FORWARD
            ? subject.inputBytes() + subject.outputBytes()
            : 2 * subject.inputBytes() + 2 * subject.outputBytes();
    Sample sample =
        new Sample()
            .put(Row.SHARE, rounds.share("subject", flops))
            .put(Row.MILLIS, millis)
            .put(Row.PEAK, rounds.peak())
            .put("gflops", rate)
            .plot(Plot.ROOFLINE, id, flops / bytes, rate);
    return pass == Timed.FORWARD ? sample.plot(Plot.TIME, curve(), n, millis) : sample;
  }

  /** Experiments that differ only in their length make one curve. */
  private String curve() {
    return id.replaceFirst("-\\d+$", "");
  }
}
