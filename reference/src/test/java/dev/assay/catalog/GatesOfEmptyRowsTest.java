package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** A row without keys reads no gate: what its gate, query and cotangent hold reaches no result. */
class GatesOfEmptyRowsTest {
  private static final int N = 6;

  @Test
  void a_gate_between_chunks_is_not_read_in_a_row_without_keys() {
    Mechanism gated =
        Settings.make(
            HierarchicalChunking.class,
            Map.of("sizeRule", "FIXED", "size", "2", "combination", "GATED"));
    Map<String, Tensor> tensors = tensors();
    tensors.put("gate_logit", LawSubject.draw("gate_logit", Shape.of(1, 2, N)));
    assertUnread(gated, tensors, "q", "d_out", "gate_logit");
  }

  @Test
  void the_score_of_a_token_is_not_read_in_a_row_without_keys() {
    for (String mode : List.of("SOFT_MULT", "STE", "SOFT_TRAIN")) {
      Mechanism gate = Settings.make(HeadGate.class, Map.of("granularity", "TOKEN", "mode", mode));
      Map<String, Tensor> tensors = tensors();
      tensors.put("w_gate", LawSubject.draw("w_gate", Shape.of(2, 8)));
      tensors.put("active", Tensor.full(Shape.of(1, 2, N), 1));
      assertUnread(gate, tensors, "q", "d_out");
    }
  }

  /** Poisons the rows that the mask empties, on axis 2 of the tensors named. */
  private static void assertUnread(Mechanism mechanism, Map<String, Tensor> tensors, String... at) {
    Map<String, Tensor> clean = Evaluation.define(mechanism, tensors).results();
    Map<String, Tensor> poisoned = new HashMap<>(tensors);
    for (String name : at) {
      Tensor x = Results.get(tensors, name);
      poisoned.put(
          name,
          Tensor.generate(x.shape(), p -> x.shape().index(p)[2] % 3 == 1 ? Double.NaN : x.get(p)));
    }
    Map<String, Tensor> found = Evaluation.define(mechanism, poisoned).results();
    Results.assertClose(clean, found, Tolerance.exact("what is read is the same"));
    Map<String, Tensor> lowered =
        Evaluation.lower(mechanism, poisoned, new ScalarEngine()).results();
    lowered.forEach(
        (name, x) -> {
          for (int p = 0; p < x.size(); p++) {
            assertEquals(Results.get(clean, name).get(p), x.get(p), 1e-14, name);
          }
        });
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, N, 4)));
    }
    tensors.put("mask", KeepMask.where(Shape.of(1, 1, N, 1), x -> x[2] % 3 != 1));
    return tensors;
  }
}
