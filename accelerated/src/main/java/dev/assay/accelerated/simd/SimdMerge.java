package dev.assay.accelerated.simd;

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
 * Runs the branches of a merge on the engine, one after the other, and joins them.
 *
 * <p>Backward of a join by LSE: every branch with the merged O, L, dO and dL, for its probabilities
 * {@code exp(s - L)} are its share of the merged softmax. By gates: branch s with {@code g_s dO},
 * its output computed again.
 */
record SimdMerge(SimdEngine engine, MergePlan plan) {
  Forward forward() {
    Tensor gates = plan.gates();
    MergeJoin join = new MergeJoin(plan);
    return gates == null ? join.byLse(parts()) : join.byGates(parts(), gates);
  }

  private List<Forward> parts() {
    List<Forward> parts = new ArrayList<>();
    for (Branch branch : plan.branches()) {
      parts.add(engine.forward(branch.problem(), branch.plan()));
    }
    return parts;
  }

  Gradients backward(Forward merged, Tensor dOut, @Nullable Tensor dLse) {
    Tensor gates = plan.gates();
    return gates == null ? byLse(merged, dOut, dLse) : byGates(gates, dOut);
  }

  private Gradients byLse(Forward merged, Tensor dOut, @Nullable Tensor dLse) {
    SequencedMap<String, Tensor> named = new LinkedHashMap<>();
    for (int s = 0; s < plan.branches().size(); s++) {
      put(named, s, merged, dOut, dLse);
    }
    return new Gradients(named);
  }

  private Gradients byGates(Tensor gates, Tensor dOut) {
    MergeJoin join = new MergeJoin(plan);
    List<Forward> parts = parts();
    SequencedMap<String, Tensor> named = new LinkedHashMap<>();
    for (int s = 0; s < parts.size(); s++) {
      put(named, s, parts.get(s), join.gated(gates, s, dOut), null);
    }
    named.put("d_gates", join.gateGradient(gates.shape(), parts, dOut));
    return new Gradients(named);
  }

  private void put(
      SequencedMap<String, Tensor> named,
      int s,
      Forward forward,
      Tensor dOut,
      @Nullable Tensor dLse) {
    Branch branch = plan.branches().get(s);
    engine
        .backward(branch.problem(), branch.plan(), forward, dOut, dLse)
        .byName()
        .forEach((name, gradient) -> named.put(name + "@" + s, gradient));
  }
}
