package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Bounds of the gradients of several joined attentions, in the order of the slots.
 *
 * <p>Join by LSE: every branch with the joined output and log-sum-exp and their errors, as in
 * {@link SoftmaxBackward}.
 *
 * <p>Join by gates: branch s with its own output and log-sum-exp and the cotangent dO_s = g_s dO,
 * which is off by {@code |g| edO + eg (|dO| + edO) + uO |dO_s|} since it may be stored; and for
 * dg_s = dO . O_s: {@code E = sum_c (|dO| E_Os + edO (|O_s| + E_Os)) + (dv + 2) uS sum_c |dO||O_s|
 * + uO |dg| + tiny}, which is 0 for a query that has no key in the branch.
 */
final class MergeBackward {
  private final Branches branches;
  private final Known dOut;
  private final Rounding u;
  private final int channels;

  MergeBackward(Branches branches, Known dOut, Rounding u) {
    this.branches = branches;
    this.dOut = dOut;
    this.u = u;
    this.channels = branches.parts().getFirst().x().problem().valueDepth();
  }

  /** The bounds of a join by LSE. */
  List<double[]> byLse(Known out, Known lse, @Nullable Known dLse, List<Tensor> gradients) {
    List<double[]> errors = new ArrayList<>();
    for (Branches.Part part : branches.parts()) {
      SoftmaxBackward bound = new SoftmaxBackward(part.x(), out, lse, dOut, dLse, u);
      errors.addAll(bound.errors(gradients.subList(errors.size(), gradients.size())));
    }
    return errors;
  }

  /** The bounds of a join by gates. */
  List<double[]> byGates(List<Tensor> gradients) {
    Known gates = Objects.requireNonNull(branches.gates());
    List<double[]> errors = new ArrayList<>();
    for (int s = 0; s < branches.size(); s++) {
      Branches.Part part = branches.parts().get(s);
      Known own = gated(gates, s);
      SoftmaxBackward bound = new SoftmaxBackward(part.x(), part.out(), part.lse(), own, null, u);
      errors.addAll(bound.errors(gradients.subList(errors.size(), gradients.size())));
    }
    errors.add(gateErrors(gradients.getLast()));
    return errors;
  }

  private int rows() {
    AttentionProblem first = branches.parts().getFirst().x().problem();
    return first.lseShape().size();
  }

  private Known gated(Known gates, int s) {
    double[] values = new double[dOut.value().size()];
    double[] errors = new double[values.length];
    for (int e = 0; e < values.length; e++) {
      int at = s * rows() + e / channels;
      double gate = gates.value().get(at);
      double g = dOut.value().get(e);
      values[e] = gate * g;
      errors[e] =
          Math.abs(gate) * dOut.errorAt(e)
              + gates.errorAt(at) * (Math.abs(g) + dOut.errorAt(e))
              + u.uO() * Math.abs(values[e])
              + u.tinyO();
    }
    return new Known(Tensor.adopt(dOut.value().shape(), values), errors);
  }

  private double[] gateErrors(Tensor dGates) {
    double[] errors = new double[dGates.size()];
    for (int at = 0; at < errors.length; at++) {
      Branches.Part branch = branches.parts().get(at / rows());
      if (branch.empty(at % rows())) {
        continue;
      }
      Known part = branch.out();
      for (int c = at % rows() * channels; c < (at % rows() + 1) * channels; c++) {
        double g = Math.abs(dOut.value().get(c));
        double value = Math.abs(part.value().get(c));
        errors[at] += g * part.errorAt(c) + dOut.errorAt(c) * (value + part.errorAt(c));
        errors[at] += (channels + 2) * u.uS() * g * value;
      }
      errors[at] += u.uO() * Math.abs(dGates.get(at)) + u.tinyO();
    }
    return errors;
  }
}
