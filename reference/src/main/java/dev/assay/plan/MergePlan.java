package dev.assay.plan;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Several attentions over the same queries, joined into one.
 *
 * <p>LSE join: {@code L = log sum_s exp L_s}, {@code O = sum_s exp(L_s - L) O_s}: one softmax over
 * the union (with multiplicity) of the branches' keys. Gate join: {@code O = sum_s g_s O_s}, no
 * LSE.
 *
 * <p>The problem handed to an engine beside a merge plan is its first branch's: it fixes B, H and
 * n_q. Gradients of branch s are named with the suffix {@code @s}: {@code dq@0}, {@code dk@1};
 * those of the gates {@code d_gates}.
 *
 * @param branches at least one; all of the same B, H, n_q and d_v; none is itself a merge
 * @param gates [S, B, H, n_q] for the gate join, or null for the LSE join
 */
public record MergePlan(List<Branch> branches, @Nullable Tensor gates) implements Plan {
  /**
   * One of the joined attentions.
   *
   * @param problem its tensors and predicates
   * @param plan which keys it meets
   */
  public record Branch(AttentionProblem problem, Plan plan) {}

  /** Checks that the branches fit together. */
  public MergePlan {
    branches = List.copyOf(branches);
    Require.argument(!branches.isEmpty(), "a merge plan needs at least one branch");
    AttentionProblem first = branches.getFirst().problem();
    for (Branch branch : branches) {
      Require.argument(
          branch.problem().outShape().equals(first.outShape()),
          "branches give outputs of shapes %s and %s: they must agree",
          first.outShape(),
          branch.problem().outShape());
      Require.argument(
          !(branch.plan() instanceof MergePlan), "a branch is itself a merge: flatten it");
    }
    if (gates != null) {
      Shape lse = first.lseShape();
      Shape wanted = Shape.of(branches.size(), lse.extent(0), lse.extent(1), lse.extent(2));
      Require.argument(
          gates.shape().equals(wanted), "gates have shape %s: %s is needed", gates.shape(), wanted);
    }
  }

  @Override
  public String kind() {
    return "merge";
  }
}
