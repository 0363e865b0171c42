package dev.assay.accelerated.merge;

import dev.assay.engine.Engine;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Runs the branches of a merge on an engine that holds F32, one after the other, and joins them.
 *
 * <p>Backward of a join by LSE: every branch with the merged O, L, dO and dL, for its probabilities
 * {@code exp(s - L)} are its share of the merged softmax. By gates: branch s with {@code g_s dO},
 * its output computed again.
 *
 * @param engine who runs the branches
 * @param plan what is joined
 */
public record BranchJoin(Engine engine, MergePlan plan) {
  /** Output, and LSE unless there are gates. */
  public Forward forward() {
    Tensor gates = plan.gates();
    RowJoin join = new RowJoin(plan);
    return gates == null ? join.byLse(parts()) : join.byGates(parts(), gates);
  }

  private List<Forward> parts() {
    List<Forward> parts = new ArrayList<>();
    for (Branch branch : plan.branches()) {
      parts.add(engine.forward(branch.problem(), branch.plan()));
    }
    return parts;
  }

  /** Gradients of all branches, and of the gates if there are any. */
  public Gradients backward(Forward merged, Tensor dOut, @Nullable Tensor dLse) {
    SequencedMap<String, Tensor> named = new LinkedHashMap<>();
    Tensor gates = plan.gates();
    RowJoin join = new RowJoin(plan);
    List<Forward> parts = gates == null ? List.of() : parts();
    for (int s = 0; s < plan.branches().size(); s++) {
      Branch branch = plan.branches().get(s);
      Gradients own =
          gates == null
              ? engine.backward(branch.problem(), branch.plan(), merged, dOut, dLse)
              : engine.backward(
                  branch.problem(), branch.plan(), parts.get(s), join.gated(gates, s, dOut), null);
      String suffix = "@" + s;
      own.byName().forEach((name, gradient) -> named.put(name + suffix, gradient));
    }
    if (gates != null) {
      named.put("d_gates", join.gateGradient(gates.shape(), parts, dOut));
    }
    return new Gradients(named);
  }
}
