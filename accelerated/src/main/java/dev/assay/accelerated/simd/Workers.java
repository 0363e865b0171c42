package dev.assay.accelerated.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Future;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/**
 * Runs numbered tasks on a fixed number of threads. Who runs which task is left to chance, so every
 * task must own what it writes; then the bits of a result do not depend on the number of threads.
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
   * Runs tasks 0 to {@code tasks - 1} and returns when all are done. The caller works too.
   *
   * @param kernel makes what runs a task, once for each thread, so that it may hold scratch memory
   */
  void run(int tasks, Supplier<? extends IntConsumer> kernel) {
    AtomicInteger next = new AtomicInteger();
    Runnable work =
        () -> {
          IntConsumer mine = kernel.get();
          for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
            mine.accept(task);
          }
        };
    List<Future<?>> others = new ArrayList<>();
    for (int t = 1; t < Math.min(threads, tasks); t++) {
      others.add(pool.submit(work));
    }
    try {
      if (tasks > 0) {
        work.run();
      }
    } finally {
      // Also after a failure: nobody may still write into arrays that the caller gives up.
      next.set(tasks);
      joinAll(others);
    }
  }

  private static void joinAll(List<Future<?>> others) {
    Throwable failure = null;
    for (Future<?> other : others) {
      Throwable found = join(other);
      failure = failure == null ? found : failure;
    }
    if (failure instanceof Error error) {
      throw error;
    }
    if (failure != null) {
      throw new IllegalStateException("a worker failed: " + failure, failure);
    }
  }

  /** Waits for a worker and returns what it failed with, or null. */
  private static @Nullable Throwable join(Future<?> other) {
    boolean interrupted = false;
    try {
      while (true) {
        try {
          other.get();
          return null;
        } catch (InterruptedException e) {
          interrupted = true;
        } catch (ExecutionException e) {
          return e.getCause();
        }
      }
    } finally {
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }
}
