package dev.assay.bench.headline;

import dev.assay.bench.PeerKernel;
import dev.assay.bench.PeerKernel.Prepared;
import dev.assay.bench.report.Goal;
import dev.assay.bench.report.Point.Plot;
import dev.assay.bench.report.Row;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;

/**
 * How many times faster than a third-party kernel on the same problem. The peer's inputs lie ready
 * in its own memory and its results stay there.
 *
 * @param id what the command line calls it
 * @param recipe which attention
 * @param n tokens
 * @param heads heads
 * @param peer id of the kernel
 * @param backward whether the backward is timed along with the forward
 * @param goal the ratio
 * @param environment of the JVM: some kernels choose their code by it
 */
record AgainstPeer(
    String id,
    Recipe recipe,
    int n,
    int heads,
    String peer,
    boolean backward,
    Goal goal,
    Map<String, String> environment)
    implements Experiment {
  @Override
  public List<Goal> goals(int threads) {
    return List.of(goal);
  }

  @Override
  public boolean onEveryThreadCount() {
    return true;
  }

  @Override
  public Sample run(Lab lab) {
    PeerKernel kernel = Objects.requireNonNull(PeerKernel.find(peer), peer);
    int judged = Math.min(n, ShareOfPeak.JUDGED);
    lab.judge(recipe, judged, judged);
    // Its blocks are whole: a ragged end would be refused.
    lab.judge(kernel, recipe, judged - judged % Recipes.BLOCK, backward);
    Subject subject = Subject.of(recipe, n, heads);
    try (Prepared prepared = kernel.prepare(subject.work(), backward ? subject.dOut() : null)) {
      SequencedMap<String, Runnable> tasks = new LinkedHashMap<>();
      tasks.put(
          "subject",
          backward ? () -> subject.both(lab.engine()) : () -> subject.forward(lab.engine()));
      tasks.put("peer", prepared::run);
      Rounds rounds = lab.time(tasks);
      double peerMillis = rounds.millis("peer");
      Sample sample =
          new Sample()
              .put(Row.RATIO, rounds.ratio("peer", "subject"))
              .put(Row.MILLIS, rounds.millis("subject"))
              .put("peer_millis", peerMillis)
              .put(Row.PEAK, rounds.peak())
              .put("peer_share", rounds.share("peer", subject.flops(backward ? 14 : 4)))
              .put(Row.SHARE, rounds.share("subject", subject.flops(backward ? 14 : 4)));
      return backward ? sample : sample.plot(Plot.TIME, peer + " " + kind(), n, peerMillis);
    }
  }

  private String kind() {
    return id.replaceFirst("-\\d+$", "");
  }
}
