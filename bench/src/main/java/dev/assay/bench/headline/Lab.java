package dev.assay.bench.headline;

import dev.assay.accelerated.simd.FmaPeak;
import dev.assay.bench.Accuracy;
import dev.assay.bench.PeerKernel;
import dev.assay.bench.PeerKernel.Prepared;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * What an experiment works with in its JVM: the engine, its judge and its clock.
 *
 * @param engine the subject of all goals
 * @param rounds interleaved rounds
 * @param warmUpSeconds how long each task runs before
 */
record Lab(Engine engine, int rounds, double warmUpSeconds) {
  /** Heads on which results are judged; heads do not meet. */
  private static final int JUDGED_HEADS = 2;

  /** Results that left their bounds: nothing is timed then. */
  static final class WrongResults extends RuntimeException {
    private static final long serialVersionUID = 1;

    WrongResults(String message) {
      super(message);
    }
  }

  Lab(int rounds, double warmUpSeconds) {
    this(Engines.find("simd"), rounds, warmUpSeconds);
  }

  /** Judges every element of output, LSE and gradients on a short sequence of the same kind. */
  void judge(Recipe recipe, int queries, int keys) {
    Subject small = Subject.of(recipe, queries, keys, JUDGED_HEADS).wide();
    require(engine.id(), Accuracy.of(small.work(), small.dOut(), engine));
  }

  /** Judges what a peer gives. */
  void judge(PeerKernel peer, Recipe recipe, int n, boolean backward) {
    Subject small = Subject.of(recipe, n, JUDGED_HEADS);
    try (Prepared prepared = peer.prepare(small.work(), backward ? small.dOut() : null)) {
      prepared.run();
      Subject wide = small.wide();
      require(
          peer.id(),
          Accuracy.of(wide.work(), wide.dOut(), peer.precisionClass(), prepared.results()));
    }
  }

  private static void require(String who, Accuracy accuracy) {
    if (!accuracy.withinBounds()) {
      throw new WrongResults(
          "wrong results of " + who + ", errors over bounds are " + accuracy.worst());
    }
  }

  /** Times one task. */
  Rounds time(Runnable task) {
    SequencedMap<String, Runnable> tasks = new LinkedHashMap<>();
    tasks.put("subject", task);
    return time(tasks);
  }

  /** Times tasks that take turns. */
  Rounds time(SequencedMap<String, Runnable> tasks) {
    FmaPeak peak = new FmaPeak();
    return Rounds.run(tasks, rounds, warmUpSeconds, peak::gigaflops);
  }
}
