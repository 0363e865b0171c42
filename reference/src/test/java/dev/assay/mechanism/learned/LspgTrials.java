package dev.assay.mechanism.learned;

import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** LSPG on small tensors: what its tests have in common. */
final class LspgTrials {
  static final int N = 6;

  private LspgTrials() {}

  /** M over tokens, from the rules. */
  static Tensor pattern(Mechanism mechanism, Map<String, Tensor> tensors) {
    Evaluation run = Evaluation.define(mechanism, tensors);
    Mechanism.Rules rules = mechanism.rules(run.inputs());
    int n = Runs.get(tensors, "q").shape().extent(2);
    return KeepMask.where(
        Shape.of(1, 1, n, n),
        x -> !rules.of(x[0], x[1], x[2], x[3]).equals(Mechanism.NOT_ATTENDED));
  }

  /** What dense attention reads. */
  static Map<String, Tensor> without(Map<String, Tensor> tensors) {
    Map<String, Tensor> few = new LinkedHashMap<>(tensors);
    few.keySet().retainAll(List.of("q", "k", "v", "mask"));
    return few;
  }

  static Map<String, Tensor> literal(Map<String, Tensor> tensors) {
    Map<String, Tensor> all = new LinkedHashMap<>(tensors);
    all.put("mlp_w1", Tensor.of(Shape.of(2), 1, -1));
    all.put("mlp_b1", Tensor.zeros(Shape.of(2)));
    all.put("mlp_w2", Tensor.of(Shape.of(2), 1, -1));
    all.put("mlp_b2", Tensor.zeros(Shape.of(1)));
    return all;
  }

  static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = Runs.qkv(1, N, 3);
    tensors.put("w_score", Runs.draw("w_score", 1));
    tensors.put("w_threshold", Runs.draw("w_threshold", 1, 6));
    tensors.put("a_global", Runs.draw("a_global", 1, 3));
    return tensors;
  }

  static Mechanism lspg(String... settings) {
    List<String> all = new ArrayList<>(List.of("local=1", "globals=1"));
    all.addAll(List.of(settings));
    return Runs.make(Lspg.class, all.toArray(String[]::new));
  }

  static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Runs.get(Runs.define(mechanism, tensors), "out");
  }
}
