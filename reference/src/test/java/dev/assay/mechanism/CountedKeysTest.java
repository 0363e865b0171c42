package dev.assay.mechanism;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CountedKeysTest {
  /** Rows 0 to 2 of three keys: key 1 three times and key 2 once; nothing; key 0 once. */
  private static CountedKeys lists(boolean once) {
    CountedKeys.Builder lists = new CountedKeys.Builder(Shape.of(1, 1, 3), 3);
    for (int key : new int[] {1, 2, 1, 0, 1}) {
      lists.add(key);
    }
    lists.remove(0);
    assertEquals(2, lists.different());
    lists.endRow(once);
    lists.endRow(once);
    lists.add(0);
    lists.endRow(once);
    return lists.build();
  }

  private static Answer attend(Softmax softmax, CountedKeys lists, Tensor[] x) {
    Tape tape = new Tape();
    List<Var> vars = new ArrayList<>();
    for (Tensor tensor : x) {
      vars.add(tape.leaf("x", tensor));
    }
    AttentionProblem problem =
        AttentionProblem.of(x[0], x[1], x[2]).bias(x.length > 3 ? x[3] : null).build();
    Var bias = x.length > 3 ? vars.get(3) : null;
    return softmax.attend(
        problem, new Operands(vars.get(0), vars.get(1), vars.get(2), bias), lists.pairs());
  }

  @Test
  void a_key_weighs_as_often_as_it_is_listed() {
    Tensor zeros = Tensor.zeros(Shape.of(1, 1, 3, 1));
    Tensor v = Tensor.of(Shape.of(1, 1, 3, 1), 8, 4, 0);
    Tensor counted =
        attend(Softmax::byOps, lists(false), new Tensor[] {zeros, zeros, v}).out().value();
    assertArrayEquals(new double[] {3, 0, 8}, counted.toDoubles(), 1e-15);
    Tensor once = attend(Softmax::byOps, lists(true), new Tensor[] {zeros, zeros, v}).out().value();
    assertArrayEquals(new double[] {2, 0, 8}, once.toDoubles(), 1e-15);
  }

  @Test
  void an_engine_counts_as_the_ops_do_also_beside_a_bias() {
    Shape shape = Shape.of(1, 1, 3, 4);
    Tensor[] x = {
      LawSubject.draw("q", shape),
      LawSubject.draw("k", shape),
      LawSubject.draw("v", shape),
      LawSubject.draw("bias", Shape.of(1, 1, 3, 3))
    };
    Answer ops = attend(Softmax::byOps, lists(false), x);
    Answer engine = attend(Softmax.on(new ScalarEngine()), lists(false), x);
    Results.assertClose(
        "out",
        ops.out().value(),
        engine.out().value(),
        new Tolerance(1e-14, 1e-12, "fp64, in another association"));
  }

  @Test
  void the_best_scores_are_taken_and_equals_in_their_order() {
    BestScores best = new BestScores();
    assertArrayEquals(new int[] {1, 2}, best.of(new double[] {1, 5, 4, 3}, 2));
    assertEquals(1, best.margin());
    assertArrayEquals(new int[] {0, 1}, best.of(new double[] {0.0, -0.0, 0.0}, 2));
    assertEquals(0, best.margin());
    assertArrayEquals(new int[] {0, 1}, best.of(new double[] {7, 7}, 5));
    assertArrayEquals(new int[0], best.of(new double[] {7, 7}, 0));
  }
}
