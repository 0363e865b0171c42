package dev.assay.train;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.function.IntFunction;

/**
 * So many steps of training, or fewer if time runs out.
 *
 * @param steps at most
 * @param seconds a course that takes longer stops; where it does, the machine has decided on the
 *     result, so the record says it
 */
public record Course(int steps, double seconds) {
  private static final int EVERY = 10;

  /** Checks the bounds. */
  public Course {
    Require.positive(steps, "steps");
    Require.argument(seconds > 0, "seconds is %s: it must be positive", seconds);
  }

  /**
   * How it went.
   *
   * @param losses mean of each ten steps
   * @param steps steps made
   * @param stopped whether time ran out
   * @param seconds time taken
   */
  public record Outcome(List<Double> losses, int steps, boolean stopped, double seconds) {}

  /**
   * Trains.
   *
   * @param batches the batch of each step
   * @param watcher is told each step
   */
  public <B> Outcome run(Trainer<B> trainer, IntFunction<B> batches, IntConsumer watcher) {
    long begin = System.nanoTime();
    List<Double> losses = new ArrayList<>();
    double sum = 0;
    int made = 0;
    while (made < steps && since(begin) < seconds) {
      sum += trainer.step(batches.apply(trainer.steps()));
      made++;
      watcher.accept(made);
      if (made % EVERY == 0) {
        losses.add(sum / EVERY);
        sum = 0;
      }
    }
    return new Outcome(List.copyOf(losses), made, made < steps, since(begin));
  }

  private static double since(long begin) {
    return (System.nanoTime() - begin) * 1e-9;
  }
}
