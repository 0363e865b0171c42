package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.engine.Engine;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Plan;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/**
 * Forward and backward mean the same logits to the last bit, however large they are: with one key
 * every probability is 1, so that dV is the sum of dO.
 */
@Tag("width")
class SameLogitsTest {
  private static final Draw DRAW = new Draw(33);
  private static final Engine SIMD = new SimdEngine(2);
  private static final int QUERIES = 20;

  @ParameterizedTest
  @CsvSource({"24, -5", "128, -5", "64, -5", "24, 2", "128, 2", "64, 2"})
  void the_value_of_a_single_key_gets_all_of_the_cotangent(int depth, int shift) {
    AttentionProblem problem =
        AttentionProblem.of(
                DRAW.shifted(1, shift, 1, 1, QUERIES, depth).to(Storage.F32),
                DRAW.shifted(2, shift, 1, 1, 1, depth).to(Storage.F32),
                DRAW.bell(3, 1, 1, 1, 8).to(Storage.F32))
            .build();
    holds(problem, new DensePlan());
    int[] rowPtr = new int[QUERIES + 1];
    int[] counts = new int[QUERIES];
    for (int row = 0; row < QUERIES; row++) {
      rowPtr[row + 1] = row + 1;
      counts[row] = 1;
    }
    holds(problem, new GatherPlan(rowPtr, new int[QUERIES], counts));
  }

  private static void holds(AttentionProblem problem, Plan plan) {
    Tensor dOut = DRAW.bell(4, 1, 1, QUERIES, 8).to(Storage.F32);
    Forward forward = SIMD.forward(problem, plan);
    Tensor dv =
        Objects.requireNonNull(
            SIMD.backward(problem, plan, forward, dOut, null).byName().get("dv"));
    for (int c = 0; c < 8; c++) {
      double sum = 0;
      double size = 0;
      for (int i = 0; i < QUERIES; i++) {
        sum += dOut.at(0, 0, i, c);
        size += Math.abs(dOut.at(0, 0, i, c));
      }
      // 20 additions in fp32.
      assertEquals(sum, dv.at(0, 0, 0, c), QUERIES * Math.ulp(1f) * size, plan.kind());
    }
  }
}
