package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * The join of several attentions over the same queries.
 *
 * <p>LSE join: {@code L = log sum_s exp L_s}, {@code O = sum_s exp(L_s - L) O_s}; backward: every
 * branch with the merged O, L, dO and dL, for its probabilities {@code exp(s - L)} are its share of
 * the merged softmax. Gate join: {@code O = sum_s g_s O_s}; backward: branch s with {@code g_s dO},
 * and {@code dg_s = dO . O_s}. Branches are taken in order. An empty row of a branch is left out of
 * both joins and gives its gate no gradient, whatever the gate and dO hold.
 */
final class ScalarMerge {
  private final ScalarEngine engine;
  private final MergePlan plan;
  private final int rows;
  private final int channels;

  ScalarMerge(ScalarEngine engine, MergePlan plan) {
    this.engine = engine;
    this.plan = plan;
    AttentionProblem first = plan.branches().getFirst().problem();
    this.rows = first.lseShape().size();
    this.channels = first.valueDepth();
  }

  Forward forward() {
    List<Forward> parts = parts();
    Tensor gates = plan.gates();
    return gates == null ? joinByLse(parts) : joinByGates(parts, gates);
  }

  private List<Forward> parts() {
    List<Forward> parts = new ArrayList<>();
    for (Branch branch : plan.branches()) {
      parts.add(engine.forward(branch.problem(), branch.plan()));
    }
    return parts;
  }

  private Forward joinByLse(List<Forward> parts) {
    double[] out = new double[rows * channels];
    double[] lse = new double[rows];
    AttentionProblem first = plan.branches().getFirst().problem();
    JoinedLogits joined = new JoinedLogits(plan.branches());
    for (int row = 0; row < rows; row++) {
      int[] index = first.lseShape().index(row);
      joined.load(index[0], index[1], index[2]);
      lse[row] = joined.lse();
      for (int s = 0; s < parts.size(); s++) {
        if (joined.branch(s).size() > 0) {
          int at = row * channels;
          Rows.addScaled(out, at, joined.share(s), parts.get(s).out().doubles(), at, channels);
        }
      }
    }
    return new Forward(Tensor.adopt(first.outShape(), out), Tensor.adopt(first.lseShape(), lse));
  }

  private Forward joinByGates(List<Forward> parts, Tensor gates) {
    double[] out = new double[rows * channels];
    for (int s = 0; s < parts.size(); s++) {
      for (int row = 0; row < rows; row++) {
        int at = row * channels;
        if (!empty(parts, s, row)) {
          double gate = gates.get(s * rows + row);
          Rows.addScaled(out, at, gate, parts.get(s).out().doubles(), at, channels);
        }
      }
    }
    Shape shape = plan.branches().getFirst().problem().outShape();
    return new Forward(Tensor.adopt(shape, out), null);
  }

  Gradients backward(Forward merged, Tensor dOut, @Nullable Tensor dLse) {
    SequencedMap<String, Tensor> named = new LinkedHashMap<>();
    Tensor gates = plan.gates();
    List<Forward> parts = gates == null ? List.of() : parts();
    for (int s = 0; s < plan.branches().size(); s++) {
      Branch branch = plan.branches().get(s);
      Gradients own =
          gates == null
              ? ScalarSoftmaxBackward.backward(plan.branches(), s, merged.out(), dOut, dLse)
              : engine.backward(
                  branch.problem(), branch.plan(), parts.get(s), gated(gates, s, dOut), null);
      String suffix = "@" + s;
      own.byName().forEach((name, gradient) -> named.put(name + suffix, gradient));
    }
    if (gates != null) {
      named.put("d_gates", gateGradient(gates.shape(), parts, dOut));
    }
    return new Gradients(named);
  }

  private Tensor gated(Tensor gates, int s, Tensor dOut) {
    double[] scaled = new double[rows * channels];
    for (int row = 0; row < rows; row++) {
      int at = row * channels;
      Rows.addScaled(scaled, at, gates.get(s * rows + row), dOut.doubles(), at, channels);
    }
    return Tensor.adopt(dOut.shape(), scaled);
  }

  private Tensor gateGradient(Shape shape, List<Forward> parts, Tensor dOut) {
    double[] dGates = new double[shape.size()];
    Arrays.setAll(
        dGates,
        p -> {
          if (empty(parts, p / rows, p % rows)) {
            return 0;
          }
          int at = p % rows * channels;
          double[] part = parts.get(p / rows).out().doubles();
          return Rows.dot(dOut.doubles(), at, part, at, channels);
        });
    return Tensor.adopt(shape, dGates);
  }

  /** Whether branch s has no key for that row. */
  private boolean empty(List<Forward> parts, int s, int row) {
    Tensor lse = parts.get(s).lse();
    if (lse != null) {
      return lse.get(row) == Double.NEGATIVE_INFINITY;
    }
    // Plans without an LSE take no mask and no bias: their keys are a range.
    AttentionProblem problem = plan.branches().get(s).problem();
    int[] at = problem.lseShape().index(row);
    int[] keys = problem.keyRange(at[0], at[2]);
    return keys[0] == keys[1];
  }
}
