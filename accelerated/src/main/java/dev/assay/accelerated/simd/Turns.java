package dev.assay.accelerated.simd;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.LockSupport;

/**
 * Sums that several tasks add to, in an order that is fixed beforehand: every tile of queries
 * counts who has added to its gradient, and a task waits until it is its turn.
 *
 * <p>Tasks are taken in ascending order of their tile of keys, and those are the turns of a tile of
 * queries. So the task with the lowest number among those at work never waits, and all get done.
 * The bits of the sums do not depend on the number of threads.
 */
final class Turns {
  private static final int SPINS = 20_000;
  private static final long PAUSE_NANOS = 50_000;

  private final int heads;
  private final int[] firstOfSpan;
  private final AtomicIntegerArray done;
  private volatile boolean stopped;

  Turns(TiledProblem tiled) {
    this.heads = tiled.problem().heads();
    this.firstOfSpan = new int[tiled.spans().size()];
    int slots = 0;
    for (Span span : tiled.spans()) {
      firstOfSpan[span.index()] = slots;
      slots += heads * span.queryTiles();
    }
    this.done = new AtomicIntegerArray(slots);
  }

  private int slot(Place place) {
    return firstOfSpan[place.span().index()]
        + place.head() * place.span().queryTiles()
        + place.queryTile();
  }

  /** Returns when so many have added to the tile of queries. */
  void await(Place place, int turn) {
    int slot = slot(place);
    for (int spins = 0; done.getAcquire(slot) != turn; spins++) {
      if (stopped) {
        throw new CancellationException("another thread failed");
      }
      if (spins < SPINS) {
        Thread.onSpinWait();
      } else {
        LockSupport.parkNanos(PAUSE_NANOS);
      }
    }
  }

  /** Passes the turn on. */
  void pass(Place place, int turn) {
    done.setRelease(slot(place), turn + 1);
  }

  /** Sends home all that wait, after a failure. */
  void stop() {
    stopped = true;
  }
}
