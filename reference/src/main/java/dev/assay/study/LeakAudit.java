package dev.assay.study;

import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;

/**
 * Whether later tokens reach earlier rows: every tensor that has a token axis is changed at token
 * t, and all rows before t of the output must stay the same bit for bit.
 *
 * @param tokens how many tokens were changed, one after the other, in two ways
 * @param leaks a sentence for each change that was seen in an earlier row
 */
public record LeakAudit(int tokens, List<String> leaks) {
  /** The two ways of changing a number; both are far from what a selection would overlook. */
  private static final double[][] CHANGES = {{-3, 0.5}, {7, 2}};

  private static final List<String> MOVING =
      List.of("q_lens", "k_lens", "offset", "cu_seqlens_q", "cu_seqlens_k");

  /**
   * Audits one problem.
   *
   * @return nothing, if queries are not as many as keys or lengths and offsets are given, so that
   *     rows and tokens do not correspond
   */
  public static Optional<LeakAudit> of(Mechanism mechanism, Map<String, Tensor> given) {
    if (!Collections.disjoint(given.keySet(), MOVING)) {
      return Optional.empty();
    }
    Map<String, Tensor> tensors = new LinkedHashMap<>(given);
    tensors.keySet().removeAll(List.of("d_out", "d_lse"));
    Tensor before = Evaluation.define(mechanism, tensors).answer().out().value();
    int n = before.shape().extent(-2);
    for (TensorSpec spec : mechanism.tensors()) {
      Tensor tensor = tensors.get(spec.name());
      if (tensor != null && !fits(spec, tensor.shape(), n)) {
        return Optional.empty();
      }
    }
    List<String> leaks = new ArrayList<>();
    for (int t = 1; t < n; t++) {
      for (double[] change : CHANGES) {
        Map<String, Tensor> changed = changed(mechanism, tensors, t, change);
        Tensor after = Evaluation.define(mechanism, changed).answer().out().value();
        int row = firstDifference(before, after, t);
        if (row >= 0) {
          leaks.add("token " + t + " changes row " + row);
        }
      }
    }
    return Optional.of(new LeakAudit(n - 1, leaks));
  }

  private static boolean fits(TensorSpec spec, Shape shape, int n) {
    for (int axis = 0; axis < shape.rank(); axis++) {
      if (ofTokens(spec, shape, axis) && shape.extent(axis) != n && shape.extent(axis) != 1) {
        return false;
      }
    }
    return true;
  }

  private static Map<String, Tensor> changed(
      Mechanism mechanism, Map<String, Tensor> tensors, int t, double[] change) {
    Map<String, Tensor> changed = new LinkedHashMap<>(tensors);
    for (TensorSpec spec : mechanism.tensors()) {
      Tensor tensor = tensors.get(spec.name());
      if (tensor != null && spec.kind() == Kind.INPUT) {
        changed.put(
            spec.name(),
            Tensor.generate(
                tensor.shape(),
                p ->
                    lies(spec, tensor.shape(), p, t)
                        ? change[0] * tensor.get(p) + change[1]
                        : tensor.get(p)));
      }
    }
    return changed;
  }

  /** Whether an element belongs to token t. */
  private static boolean lies(TensorSpec spec, Shape shape, int p, int t) {
    int rest = p;
    for (int axis = shape.rank() - 1; axis >= 0; axis--) {
      int at = rest % shape.extent(axis);
      rest /= shape.extent(axis);
      if (at == t && ofTokens(spec, shape, axis)) {
        return true;
      }
    }
    return false;
  }

  /** Whether the axis is called n, n_q or n_k in one of the shapes that the spec allows. */
  private static boolean ofTokens(TensorSpec spec, Shape shape, int axis) {
    for (String alternative : spec.shape().split(" or ", -1)) {
      String[] axes = alternative.replaceAll("[\\[\\] ]", "").split(",", -1);
      if (axes.length == shape.rank()) {
        return axes[axis].matches("n(_q|_k)?(\\|1)?");
      }
    }
    return false;
  }

  private static int firstDifference(Tensor before, Tensor after, int t) {
    int width = before.shape().extent(-1);
    int n = before.shape().extent(-2);
    for (int p = 0; p < before.size(); p++) {
      int row = p / width % n;
      long a = Double.doubleToLongBits(before.get(p));
      if (row < t && a != Double.doubleToLongBits(after.get(p))) {
        return row;
      }
    }
    return -1;
  }
}
