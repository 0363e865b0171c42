package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CancellationException;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicIntegerArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class WorkersTest {
  @ParameterizedTest
  @CsvSource({"1, 10", "3, 10", "5, 2", "4, 0"})
  void every_task_runs_once(int threads, int tasks) {
    AtomicIntegerArray runs = new AtomicIntegerArray(tasks);
    new Workers(threads).run(tasks, () -> runs::incrementAndGet);
    for (int task = 0; task < tasks; task++) {
      assertEquals(1, runs.get(task));
    }
  }

  @ParameterizedTest
  @CsvSource({"1", "4"})
  void a_failure_reaches_the_caller_when_nobody_works_any_more(int threads) {
    AtomicInteger working = new AtomicInteger();
    assertThrows(
        IllegalStateException.class,
        () ->
            new Workers(threads)
                .run(
                    100,
                    () ->
                        task -> {
                          working.incrementAndGet();
                          try {
                            if (task == 7) {
                              throw new IllegalStateException("planted");
                            }
                          } finally {
                            working.decrementAndGet();
                          }
                        }));
    assertEquals(0, working.get());
  }

  @ParameterizedTest
  @CsvSource({"3"})
  void no_more_threads_work_than_were_asked_for(int threads) {
    AtomicInteger kernels = new AtomicInteger();
    new Workers(threads)
        .run(
            50,
            () -> {
              kernels.incrementAndGet();
              return task -> Thread.onSpinWait();
            });
    assertTrue(kernels.get() <= threads);
  }

  @Test
  void what_went_wrong_first_is_what_the_caller_hears() {
    Throwable heard =
        assertThrows(
            OutOfMemoryError.class,
            () ->
                new Workers(3)
                    .run(
                        30,
                        () ->
                            task -> {
                              if (task == 4) {
                                throw new OutOfMemoryError("planted");
                              }
                              if (task > 4) {
                                throw new CancellationException("sent home");
                              }
                            }));
    assertEquals("planted", heard.getMessage());
  }

  @Test
  void a_run_does_not_wait_for_threads_that_are_busy_elsewhere() throws InterruptedException {
    Workers workers = new Workers(2);
    CountDownLatch release = new CountDownLatch(1);
    CountDownLatch busy = new CountDownLatch(4);
    List<Thread> others = new ArrayList<>();
    for (int caller = 0; caller < 2; caller++) {
      others.add(
          Thread.ofPlatform()
              .start(
                  () ->
                      workers.run(
                          2,
                          () ->
                              task -> {
                                busy.countDown();
                                awaitQuietly(release);
                              })));
    }
    busy.await();
    AtomicInteger done = new AtomicInteger();
    workers.run(5, () -> task -> done.incrementAndGet());
    assertEquals(5, done.get());
    release.countDown();
    for (Thread other : others) {
      other.join();
    }
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
