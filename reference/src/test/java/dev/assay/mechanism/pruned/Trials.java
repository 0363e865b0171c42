package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/** What the tests of this family share. */
final class Trials {
  /** The recorded numbers have ten decimals. */
  static final double PRINTED = 1e-10;

  static final Tolerance ROUNDING =
      new Tolerance(1e-13, 1e-12, "the same sums of fp64 numbers in another association");

  private Trials() {}

  static <M extends Mechanism> M make(Class<M> type, String... settings) {
    return Settings.make(type, Settings.parse(List.of(settings)));
  }

  /** q, k, v, d_out and d_lse of one size, with the same numbers every time. */
  static Map<String, Tensor> tensors(int batches, int heads, int kvHeads, int nq, int nk, int d) {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", LawSubject.draw("q", Shape.of(batches, heads, nq, d)));
    tensors.put("k", LawSubject.draw("k", Shape.of(batches, kvHeads, nk, d)));
    tensors.put("v", LawSubject.draw("v", Shape.of(batches, kvHeads, nk, d)));
    tensors.put("d_out", LawSubject.draw("d_out", Shape.of(batches, heads, nq, d)));
    tensors.put("d_lse", LawSubject.draw("d_lse", Shape.of(batches, heads, nq)));
    return tensors;
  }

  static Answer answer(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).answer();
  }

  static Map<String, Tensor> define(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).results();
  }

  static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(define(mechanism, tensors), "out");
  }

  /** The choice that was made. */
  static Tensor choice(Mechanism mechanism, Map<String, Tensor> tensors, String name) {
    return Results.get(define(mechanism, tensors), name);
  }

  /** Output, LSE and gradients are those of dense attention. */
  static void assertDense(Mechanism mechanism, Map<String, Tensor> tensors, boolean causal) {
    Map<String, Tensor> expected = define(make(Dense.class, "causal=" + causal), tensors);
    Map<String, Tensor> found = define(mechanism, tensors);
    for (String name : List.of("out", "lse", "dq", "dk", "dv")) {
      Results.assertClose(name, Results.get(expected, name), Results.get(found, name), ROUNDING);
    }
  }

  static void assertRefused(String rule, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> out(mechanism, tensors), rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  static void assertRefused(String rule, Class<? extends Mechanism> type, String... settings) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> make(type, settings), rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }
}
