package dev.assay.cli;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.function.Consumer;
import java.util.function.Supplier;

/** Independent pieces of work on all processors, whose results are taken in the order given. */
final class InOrder<T> implements AutoCloseable {
  private final ExecutorService workers =
      Executors.newFixedThreadPool(Runtime.getRuntime().availableProcessors());
  private final List<Future<T>> results = new ArrayList<>();

  InOrder(List<Supplier<T>> work) {
    work.forEach(piece -> results.add(workers.submit(piece::get)));
  }

  /** Takes each result as soon as it and all before it are there. */
  void forEach(Consumer<T> take) throws InterruptedException {
    for (Future<T> result : results) {
      try {
        take.accept(result.get());
      } catch (ExecutionException failed) {
        switch (failed.getCause()) {
          case RuntimeException wrong -> throw wrong;
          case Error fault -> throw fault;
          case null, default -> throw new IllegalStateException(failed);
        }
      }
    }
  }

  /** Drops what has not begun. */
  @Override
  public void close() {
    workers.shutdownNow();
  }
}
