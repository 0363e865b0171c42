package dev.assay.gradcheck.mutant;

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

/** Several runs of the plain kernel, joined by log-sum-exp or by gates. */
final class PlainMerge {
  private final PlainKernel kernel;
  private final MergePlan plan;
  private final JoinLines lines;
  private final AttentionProblem first;
  private final int rows;
  private final int channels;
  private final List<Forward> parts = new ArrayList<>();

  PlainMerge(PlainKernel kernel, MergePlan plan) {
    this.kernel = kernel;
    this.plan = plan;
    this.lines = kernel.lines().join();
    this.first = plan.branches().getFirst().problem();
    this.rows = first.lseShape().size();
    this.channels = first.valueDepth();
    for (Branch branch : plan.branches()) {
      parts.add(kernel.forward(branch.problem(), branch.plan()));
    }
  }

  private float lse(int part, int row) {
    return Objects.requireNonNull(parts.get(part).lse()).floats()[row];
  }

  Forward forward() {
    float[] out = new float[rows * channels];
    float[] lse = new float[rows];
    RowJoin join = new RowJoin(kernel.lines(), kernel.form(), channels);
    for (int row = 0; row < rows; row++) {
      if (plan.gates() != null) {
        gated(plan.gates().floats(), row, out);
      } else {
        join.reset();
        for (int s = 0; s < parts.size(); s++) {
          float[] part = parts.get(s).out().floats();
          int at = row * channels;
          join.add(lse(s, row), 1, c -> part[at + c]);
        }
        join.into(out, row * channels);
        lse[row] = join.lse();
      }
    }
    Tensor joined = plan.gates() == null ? Tensor.adopt(first.lseShape(), lse) : null;
    return new Forward(Tensor.adopt(first.outShape(), out), joined);
  }

  private void gated(float[] gates, int row, float[] out) {
    for (int at = row * channels; at < (row + 1) * channels; at++) {
      float sum = 0;
      for (int s = 0; s < parts.size(); s++) {
        boolean there = lines.joins(lse(s, row));
        sum += there ? gates[s * rows + row] * parts.get(s).out().floats()[at] : 0;
      }
      out[at] = kernel.lines().softmax().result(sum, kernel.form().storage());
    }
  }

  Gradients backward(Forward merged, Tensor dOut, @Nullable Tensor dLse) {
    SequencedMap<String, Tensor> named = new LinkedHashMap<>();
    Tensor gates = plan.gates();
    for (int s = 0; s < parts.size(); s++) {
      Branch branch = plan.branches().get(s);
      Gradients own =
          gates == null
              ? kernel.backward(branch.problem(), branch.plan(), merged, dOut, dLse)
              : kernel.backward(
                  branch.problem(), branch.plan(), parts.get(s), cotangent(gates, s, dOut), null);
      String suffix = "@" + s;
      own.byName().forEach((name, gradient) -> named.put(name + suffix, gradient));
    }
    if (gates != null) {
      named.put("d_gates", gateGradient(gates, dOut));
    }
    return new Gradients(named);
  }

  private Tensor cotangent(Tensor gates, int s, Tensor dOut) {
    float[] scaled = new float[dOut.size()];
    for (int at = 0; at < scaled.length; at++) {
      float gated = lines.gated(gates.floats()[s * rows + at / channels], dOut.floats()[at]);
      scaled[at] = (float) kernel.form().storage().round(gated);
    }
    return Tensor.adopt(dOut.shape(), scaled);
  }

  private Tensor gateGradient(Tensor gates, Tensor dOut) {
    float[] gradient = new float[gates.size()];
    for (int at = 0; at < gradient.length; at++) {
      int row = at % rows;
      float[] part = parts.get(at / rows).out().floats();
      float dot = kernel.form().dot(dOut.floats(), row * channels, part, row * channels, channels);
      float own = lines.gate(dot, !lines.joins(lse(at / rows, row)));
      gradient[at] = (float) kernel.form().storage().round(own);
    }
    return Tensor.adopt(gates.shape(), gradient);
  }
}
