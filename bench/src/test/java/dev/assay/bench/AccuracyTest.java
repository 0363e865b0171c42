package dev.assay.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.Availability;
import dev.assay.engine.Demand;
import dev.assay.engine.Engine;
import dev.assay.engine.Engines;
import dev.assay.engine.Support;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class AccuracyTest {
  @ParameterizedTest
  @EnumSource(Work.class)
  void simd_is_within_its_bounds(Work work) {
    Accuracy accuracy = Accuracy.of(new Workload(work, 150, 4, 2, 16), Engines.find("simd"));
    assertTrue(accuracy.withinBounds(), () -> accuracy.worst().toString());
    assertTrue(accuracy.worst().values().stream().allMatch(ratio -> ratio > 0), "nothing rounds?");
  }

  @Test
  void out_lse_and_all_gradients_are_judged() {
    Accuracy accuracy = Accuracy.of(new Workload(Work.DENSE, 20, 1, 1, 4), Engines.find("simd"));
    assertEquals(
        List.of("out", "lse", "dq", "dk", "dv"), List.copyOf(accuracy.worst().sequencedKeySet()));
  }

  @Test
  void one_wrong_element_is_outside() {
    Accuracy accuracy =
        Accuracy.of(new Workload(Work.CAUSAL, 40, 2, 2, 8), new OneWrong(Engines.find("simd")));
    assertFalse(accuracy.withinBounds());
  }

  /** Another engine's results, one element of the output off by a part in ten thousand. */
  private record OneWrong(Engine right) implements Engine {
    @Override
    public String id() {
      return "one-wrong";
    }

    @Override
    public Availability availability() {
      return right.availability();
    }

    @Override
    public Storage storage() {
      return right.storage();
    }

    @Override
    public String precisionClass() {
      return right.precisionClass();
    }

    @Override
    public Support supports(AttentionProblem problem, Plan plan, Set<Demand> demands) {
      return right.supports(problem, plan, demands);
    }

    @Override
    public Forward forward(AttentionProblem problem, Plan plan) {
      Forward forward = right.forward(problem, plan);
      float[] out = forward.out().floats().clone();
      out[out.length / 2] *= 1.0001f;
      return new Forward(Tensor.adopt(forward.out().shape(), out), forward.lse());
    }

    @Override
    public Gradients backward(
        AttentionProblem problem, Plan plan, Forward forward, Tensor dOut, @Nullable Tensor dLse) {
      return right.backward(problem, plan, forward, dOut, dLse);
    }
  }
}
