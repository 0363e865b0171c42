package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.nn.Architecture;
import dev.assay.nn.Parameters;
import dev.assay.nn.Runner;
import dev.assay.op.Kernels;
import dev.assay.train.Adam;
import dev.assay.train.Loss;
import dev.assay.train.Objective;
import dev.assay.train.Recall;
import dev.assay.train.Schedule;
import dev.assay.train.Trainer;
import dev.assay.train.Training;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The same ten steps with naive loops and ops, and with fast kernels and the engine. */
class TrainingCurvesTest {
  private static final int STEPS = 10;
  private static final Recall TASK = new Recall(20, 10, 24, 8);

  private static double[] curve(Runner runner) {
    Architecture architecture = Architecture.of(Settings.defaults(Dense.class), 1, 32, 2);
    Objective<Recall.Batch> objective =
        (scope, batch) ->
            Loss.crossEntropy(TASK.logits(scope, architecture, batch, Map.of()), batch.targets());
    Training training = Training.of(Adam.plain(), Schedule.constant(3e-3)).with(runner);
    Trainer<Recall.Batch> trainer = new Trainer<>(objective, Parameters.drawn(1), training);
    double[] losses = new double[STEPS];
    for (int step = 0; step < STEPS; step++) {
      losses[step] = trainer.step(TASK.draw(8, 1, step));
    }
    return losses;
  }

  @Test
  void fast_kernels_in_fp64_follow_the_naive_curve_to_rounding() {
    double[] naive = curve(Runner.naive());
    double[] fast = Kernels.with(new SimdKernels(), () -> curve(Runner.naive()));
    for (int step = 0; step < STEPS; step++) {
      // Adam divides by the size of a gradient, so rounding near 0 is enlarged; not beyond this.
      assertEquals(naive[step], fast[step], 1e-9, "step " + step);
    }
  }

  @Test
  void the_engine_in_fp32_follows_the_naive_curve() {
    double[] naive = curve(Runner.naive());
    double[] fast = Kernels.with(new SimdKernels(), () -> curve(Runner.on(new SimdEngine())));
    for (int step = 0; step < STEPS; step++) {
      // Losses near 2 that went through attention rounded to 2^-24, ten updates deep.
      assertEquals(naive[step], fast[step], 1e-4, "step " + step);
    }
  }
}
