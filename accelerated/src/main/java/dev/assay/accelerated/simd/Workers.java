package dev.assay.accelerated.simd;

import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.function.IntConsumer;
import java.util.function.Supplier;

/**
 * Runs numbered tasks on a fixed number of threads. Who runs which task is left to chance, so every
 * task must own what it writes; then the bits of a result do not depend on the number of threads.
 *
 * <p>Several callers may share the threads. The caller always works too, so a run is done even if
 * the others never come to it.
 */
final class Workers {
  private static final int IDLE_SECONDS = 10;

  private final int threads;
  private final ThreadPoolExecutor pool;

  Workers(int threads) {
    this.threads = threads;
    this.pool =
        new ThreadPoolExecutor(
            threads,
            threads,
            IDLE_SECONDS,
            TimeUnit.SECONDS,
            new LinkedBlockingQueue<>(),
            Thread.ofPlatform().daemon().name("assay-simd-", 0).factory());
    pool.allowCoreThreadTimeOut(true);
  }

  int threads() {
    return threads;
  }

  /**
   * Runs tasks 0 to {@code tasks - 1} and returns when all are done. Tasks are begun in ascending
   * order.
   *
   * @param kernel makes what runs a task, once for each thread, so that it may hold scratch memory
   * @throws IllegalStateException if a task fails in another thread than the caller's, with the
   *     failure as cause; an error, and a failure in the caller's thread, come as they are
   */
  void run(int tasks, Supplier<? extends IntConsumer> kernel) {
    WorkRun run = new WorkRun(tasks, kernel);
    for (int t = 1; t < Math.min(threads, tasks); t++) {
      pool.execute(run::help);
    }
    run.lead();
  }
}
