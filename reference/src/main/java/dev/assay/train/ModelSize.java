package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.mechanism.Mechanism;
import dev.assay.nn.Architecture;
import dev.assay.nn.Runner;
import java.util.List;

/**
 * How large a model is and how it is trained: what all tasks have in common.
 *
 * @param width channels
 * @param heads heads
 * @param layers blocks
 * @param batch examples of a step
 * @param rate top of the schedule: warm-up over a tenth of the steps, then a cosine
 * @param course steps and time
 * @param terms of the attention layers, added to the loss
 */
public record ModelSize(
    int width,
    int heads,
    int layers,
    int batch,
    double rate,
    Course course,
    List<Auxiliary> terms) {
  /** Checks the size of a batch. */
  public ModelSize {
    Require.positive(batch, "batch");
    terms = List.copyOf(terms);
  }

  /** Without further terms. */
  public ModelSize(int width, int heads, int layers, int batch, double rate, Course course) {
    this(width, heads, layers, batch, rate, course, List.of());
  }

  /** The same with other terms. */
  public ModelSize with(List<Auxiliary> others) {
    return new ModelSize(width, heads, layers, batch, rate, course, others);
  }

  /** The architecture around a mechanism. */
  public Architecture around(Mechanism mechanism) {
    return Architecture.of(mechanism, layers, width, heads);
  }

  /** Adam with this schedule, gradients clipped at 1. */
  public Training training(Runner runner) {
    int steps = course.steps();
    Schedule schedule = Schedule.cosine(rate, steps).warmUp(Math.max(1, steps / 10));
    return Training.of(Adam.plain(), schedule).with(runner).with(terms.toArray(Auxiliary[]::new));
  }
}
