package dev.assay.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

class WorkTest {
  private static final int[] LENGTHS = {1, 63, 64, 129, 300};

  /** With equal logits the log-sum-exp is the logarithm of the number of keys. */
  @ParameterizedTest
  @EnumSource(Work.class)
  void pairs_are_those_that_the_plan_meets(Work work) {
    for (int n : LENGTHS) {
      Tensor zeros = Tensor.zeros(Shape.of(1, 1, n, 1));
      Tensor queries = Tensor.zeros(Shape.of(1, 1, work.queries(n), 1));
      Branch branch = work.on(AttentionProblem.of(queries, zeros, zeros).build());
      Forward forward = new ScalarEngine().forward(branch.problem(), branch.plan());
      double pairs = 0;
      for (double lse : Objects.requireNonNull(forward.lse()).toDoubles()) {
        pairs += Math.rint(Math.exp(lse));
      }
      assertEquals(work.pairs(n), pairs, work + " of " + n);
    }
  }

  @Test
  void the_heads_of_a_group_are_those_of_the_whole() {
    Workload workload = new Workload(Work.DENSE, 5, 4, 2, 3);
    Tensor whole = workload.on(Storage.F64).problem().q();
    Tensor second = workload.on(Storage.F64, 1, 2).problem().q();
    for (int p = 0; p < second.size(); p++) {
      assertEquals(whole.get(2 * 5 * 3 + p), second.get(p));
    }
  }

  @Test
  void forward_and_backward_count_fourteen_operations_a_pair_and_channel() {
    Workload workload = new Workload(Work.DENSE, 10, 2, 1, 3);
    assertEquals(4.0 * 2 * 100 * 3, workload.flops(Pass.FORWARD));
    assertEquals(14.0 * 2 * 100 * 3, workload.flops(Pass.FORWARD_AND_BACKWARD));
  }

  @Test
  void heads_that_do_not_divide_are_refused() {
    var failure =
        assertThrows(IllegalArgumentException.class, () -> new Workload(Work.DENSE, 8, 6, 4, 8));
    assertTrue(failure.toString().contains("6 query heads"), failure::toString);
  }
}
