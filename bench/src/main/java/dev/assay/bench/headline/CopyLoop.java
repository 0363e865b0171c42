package dev.assay.bench.headline;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;

/**
 * What the memory can do: arrays larger than any cache are copied on as many threads as the engine
 * uses. A byte that is read and written counts twice.
 */
final class CopyLoop implements AutoCloseable {
  private static final int FLOATS = 1 << 25;
  private static final int WARM_UPS = 3;

  private final ExecutorService pool;
  private final List<Callable<Integer>> parts = new ArrayList<>();

  CopyLoop(int threads) {
    this.pool = Executors.newFixedThreadPool(threads);
    float[] from = new float[FLOATS];
    float[] to = new float[FLOATS];
    int each = FLOATS / threads;
    for (int t = 0; t < threads; t++) {
      int first = t * each;
      parts.add(
          () -> {
            System.arraycopy(from, first, to, first, each);
            return each;
          });
    }
    for (int run = 0; run < WARM_UPS; run++) {
      run();
    }
  }

  /** Copies once and returns the bytes moved. */
  double run() {
    double bytes = 0;
    try {
      for (Future<Integer> part : pool.invokeAll(parts)) {
        bytes += 2.0 * Float.BYTES * part.get();
      }
    } catch (InterruptedException interrupted) {
      Thread.currentThread().interrupt();
      throw new IllegalStateException("the copy loop was interrupted", interrupted);
    } catch (ExecutionException failed) {
      throw new IllegalStateException("the copy loop failed", failed);
    }
    return bytes;
  }

  @Override
  public void close() {
    pool.shutdownNow();
  }
}
