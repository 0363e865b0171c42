package dev.assay.engine;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.Slots;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** Gradients of the scalar engine against central differences, element by element. */
final class Differences {
  private static final double STEP = 1e-4;

  /** Fourth-order differences: error about STEP^4 times a fifth derivative, and 1e-16 / STEP. */
  private static final Tolerance TOLERANCE =
      new Tolerance(1e-10, 1e-10, "fourth-order differences with step 1e-4 in fp64");

  private static final Engine ENGINE = new ScalarEngine();

  private Differences() {}

  /** Checks the gradient of every slot, with a cotangent for the LSE where there is one. */
  static void assertGradients(AttentionProblem problem, Plan plan, int seed) {
    Forward forward = ENGINE.forward(problem, plan);
    Draws draws = new Draws(seed);
    Tensor dOut = draws.bell(101, forward.out().shape().toArray());
    Tensor lse = forward.lse();
    Tensor dLse = lse == null ? null : draws.bell(102, lse.shape().toArray());
    Gradients gradients = ENGINE.backward(problem, plan, forward, dOut, dLse);
    SequencedMap<String, Tensor> slots = Slots.of(problem, plan);
    assertEquals(
        slots.sequencedKeySet().stream().map(Slots::gradient).toList(),
        List.copyOf(gradients.byName().sequencedKeySet()),
        "a gradient for every slot, in order");
    int slot = 0;
    for (var named : slots.entrySet()) {
      Tensor actual = gradients.get(Slots.gradient(named.getKey()));
      int at = slot++;
      Tensor expected =
          Tensor.generate(
              named.getValue().shape(), p -> difference(problem, plan, dOut, dLse, at, p));
      try {
        Agreement.assertClose(TOLERANCE, expected, actual);
      } catch (AssertionError error) {
        throw new AssertionError(
            "gradient of " + named.getKey() + ", seed " + seed + ": " + error.getMessage(), error);
      }
    }
  }

  private static double difference(
      AttentionProblem problem, Plan plan, Tensor dOut, @Nullable Tensor dLse, int slot, int p) {
    double[] loss = new double[5];
    for (int step = -2; step <= 2; step++) {
      loss[step + 2] = loss(problem, plan, dOut, dLse, slot, p, step * STEP);
    }
    return (8 * (loss[3] - loss[1]) - (loss[4] - loss[0])) / (12 * STEP);
  }

  private static double loss(
      AttentionProblem problem,
      Plan plan,
      Tensor dOut,
      @Nullable Tensor dLse,
      int slot,
      int p,
      double shift) {
    List<Tensor> tensors = new ArrayList<>(Slots.of(problem, plan).values());
    double[] values = tensors.get(slot).toDoubles();
    values[p] += shift;
    tensors.set(slot, Tensor.adopt(tensors.get(slot).shape(), values));
    Branch bound = Slots.rebind(problem, plan, tensors);
    Forward forward = ENGINE.forward(bound.problem(), bound.plan());
    double loss = 0;
    for (int e = 0; e < dOut.size(); e++) {
      loss += dOut.get(e) * forward.out().get(e);
    }
    Tensor lse = forward.lse();
    for (int e = 0; lse != null && dLse != null && e < dLse.size(); e++) {
      loss += lse.get(e) == Double.NEGATIVE_INFINITY ? 0 : dLse.get(e) * lse.get(e);
    }
    return loss;
  }
}
