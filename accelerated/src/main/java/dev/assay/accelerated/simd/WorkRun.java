package dev.assay.accelerated.simd;

import java.util.concurrent.CancellationException;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.IntConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/** One run of {@link Workers}: its tasks, who is at work, and what went wrong first. */
final class WorkRun {
  private final int tasks;
  private final Supplier<? extends IntConsumer> kernel;
  private final AtomicInteger next = new AtomicInteger();
  private int helping;
  private boolean closed;
  private @Nullable Throwable failure;
  private boolean failedInHelper;

  WorkRun(int tasks, Supplier<? extends IntConsumer> kernel) {
    this.tasks = tasks;
    this.kernel = kernel;
  }

  /** The part of a thread of the pool; one that comes too late finds nothing to do. */
  void help() {
    synchronized (this) {
      if (closed) {
        return;
      }
      helping++;
    }
    work(true);
    synchronized (this) {
      helping--;
      notifyAll();
    }
  }

  /** The part of the caller: works, then waits for those who have begun. */
  void lead() {
    if (tasks > 0) {
      work(false);
    }
    awaitHelpers();
    // Nobody writes it any more.
    Throwable first = failure;
    if (first instanceof Error error) {
      throw error;
    }
    if (first instanceof RuntimeException exception && !failedInHelper) {
      throw exception;
    }
    if (first != null) {
      throw new IllegalStateException("a worker failed: " + first, first);
    }
  }

  private void work(boolean helper) {
    try {
      IntConsumer mine = kernel.get();
      for (int task = next.getAndIncrement(); task < tasks; task = next.getAndIncrement()) {
        mine.accept(task);
      }
    } catch (RuntimeException | Error failed) {
      // Nobody shall begin another task.
      next.set(tasks);
      remember(failed, helper);
    }
  }

  /** Who was only sent home because of another's failure does not say what went wrong. */
  private synchronized void remember(Throwable failed, boolean helper) {
    if (failure == null || failure instanceof CancellationException) {
      failure = failed;
      failedInHelper = helper;
    } else if (!(failed instanceof CancellationException)) {
      failure.addSuppressed(failed);
    }
  }

  private synchronized void awaitHelpers() {
    closed = true;
    boolean interrupted = false;
    while (helping > 0) {
      try {
        wait();
      } catch (InterruptedException e) {
        interrupted = true;
      }
    }
    if (interrupted) {
      Thread.currentThread().interrupt();
    }
  }
}
