package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The join of separate runs of a {@link FlashKernel}, in its arithmetic. */
final class FlashMerge {
  private final FlashKernel kernel;
  private final MergePlan plan;
  private final AttentionProblem first;
  private final int channels;
  private final List<Forward> parts = new ArrayList<>();

  FlashMerge(FlashKernel kernel, MergePlan plan) {
    this.kernel = kernel;
    this.plan = plan;
    this.first = plan.branches().getFirst().problem();
    this.channels = first.valueDepth();
    for (Branch branch : plan.branches()) {
      parts.add(kernel.forward(branch.problem(), branch.plan()));
    }
  }

  Forward forward() {
    double[] out = new double[first.outShape().size()];
    double[] lse = new double[first.lseShape().size()];
    for (int r = 0; r < lse.length; r++) {
      double[] weights = plan.gates() == null ? shares(lse, r) : gates(plan.gates(), r);
      for (int c = r * channels; c < (r + 1) * channels; c++) {
        for (int s = 0; s < weights.length; s++) {
          out[c] = kernel.sums(out[c] + kernel.sums(weights[s] * parts.get(s).out().get(c)));
        }
        out[c] = kernel.stored(out[c]);
      }
    }
    Tensor joined = plan.gates() == null ? kernel.tensor(first.lseShape(), lse) : null;
    return new Forward(kernel.tensor(first.outShape(), out), joined);
  }

  private double[] shares(double[] lse, int r) {
    double[] shares = new double[parts.size()];
    double max = Double.NEGATIVE_INFINITY;
    for (Forward part : parts) {
      max = Math.max(max, Objects.requireNonNull(part.lse()).get(r));
    }
    lse[r] = max;
    if (max == Double.NEGATIVE_INFINITY) {
      return shares;
    }
    double sum = 0;
    for (Forward part : parts) {
      sum = kernel.sums(sum + kernel.exp(lseAt(part, r) - max));
    }
    lse[r] = kernel.sums(max + kernel.sums(StrictMath.log(sum)));
    for (int s = 0; s < shares.length; s++) {
      shares[s] = kernel.exp(kernel.sums(lseAt(parts.get(s), r) - lse[r]));
    }
    return shares;
  }

  private static double lseAt(Forward part, int r) {
    return Objects.requireNonNull(part.lse()).get(r);
  }

  private double[] gates(Tensor gates, int r) {
    double[] weights = new double[parts.size()];
    for (int s = 0; s < weights.length; s++) {
      weights[s] = gates.get(s * first.lseShape().size() + r);
    }
    return weights;
  }

  Gradients backward(Forward merged, Tensor dOut, @Nullable Tensor dLse) {
    SequencedMap<String, Tensor> named = new LinkedHashMap<>();
    Tensor gates = plan.gates();
    double[] dGates = new double[gates == null ? 0 : gates.size()];
    for (int s = 0; s < parts.size(); s++) {
      Branch branch = plan.branches().get(s);
      Forward part = gates == null ? merged : parts.get(s);
      Tensor cotangent = gates == null ? dOut : gated(gates, s, dOut, dGates);
      Gradients own =
          kernel.backward(
              branch.problem(), branch.plan(), part, cotangent, gates == null ? dLse : null);
      String suffix = "@" + s;
      own.byName().forEach((name, gradient) -> named.put(name + suffix, gradient));
    }
    if (gates != null) {
      named.put("d_gates", kernel.tensor(gates.shape(), dGates));
    }
    return new Gradients(named);
  }

  private Tensor gated(Tensor gates, int s, Tensor dOut, double[] dGates) {
    int rows = first.lseShape().size();
    double[] scaled = new double[dOut.size()];
    for (int r = 0; r < rows; r++) {
      double[] terms = new double[channels];
      for (int c = 0; c < channels; c++) {
        int at = r * channels + c;
        scaled[at] = kernel.stored(kernel.sums(gates.get(s * rows + r) * dOut.get(at)));
        terms[c] = kernel.sums(dOut.get(at) * parts.get(s).out().get(at));
      }
      dGates[s * rows + r] = kernel.stored(kernel.sum(terms, 0, channels));
    }
    return kernel.tensor(dOut.shape(), scaled);
  }
}
