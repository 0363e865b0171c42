package dev.assay.wiring;

import dev.assay.check.Require;
import dev.assay.engine.AttentionRows;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** What a mechanism looked at, as tensors over pairs of queries and keys. */
final class Pairs {
  private Pairs() {}

  /** The weights of its one softmax, [B, H, n_q, n_k]. */
  static Tensor weights(Mechanism mechanism, Inputs inputs) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    inputs.all().forEach((name, var) -> tensors.put(name, var.value()));
    List<AttentionRows> softmaxes = Observation.of(mechanism, tensors).softmaxes();
    Require.argument(
        softmaxes.size() == 1,
        "%s has %d softmaxes here: 'weights' stands for those of one",
        mechanism.id(),
        softmaxes.size());
    AttentionRows rows = softmaxes.getFirst();
    Shape shape = Shape.of(rows.batches(), rows.heads(), rows.queries(), rows.keys());
    double[] all = new double[shape.size()];
    for (int row = 0; row * rows.keys() < all.length; row++) {
      int i = row % rows.queries();
      int h = row / rows.queries() % rows.heads();
      AttentionRows.Row one = rows.row(row / rows.queries() / rows.heads(), h, i);
      for (int e = 0; e < one.keys().length; e++) {
        all[row * rows.keys() + one.keys()[e]] += one.weights()[e];
      }
    }
    return Tensor.adopt(shape, all);
  }

  /** 1 for each pair that a rule of the mechanism lets exist, [B, H, n_q, n_k]. */
  static Tensor attended(Mechanism mechanism, Inputs inputs) {
    Shape q = inputs.var("q").shape();
    int keys = inputs.var(inputs.has("k") ? "k" : "q").shape().extent(2);
    Mechanism.Rules rules = mechanism.rules(inputs);
    Shape shape = Shape.of(q.extent(0), q.extent(1), q.extent(2), keys);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          return rules.of(at[0], at[1], at[2], at[3]).equals(Mechanism.NOT_ATTENDED) ? 0 : 1;
        });
  }
}
