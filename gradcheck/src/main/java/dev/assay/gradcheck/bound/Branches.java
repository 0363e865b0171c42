package dev.assay.gradcheck.bound;

import dev.assay.engine.Engine;
import dev.assay.plan.Forward;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Slots;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The attentions that a merge joins, each with its own output, log-sum-exp and their bounds.
 *
 * @param parts one for each branch
 * @param gates of a join by gates, or null
 */
record Branches(List<Part> parts, @Nullable Known gates) {
  /**
   * One of them.
   *
   * @param x what it computes from
   * @param out its output, with its bound
   * @param lse its log-sum-exp, with its bound
   */
  record Part(Operands x, Known out, Known lse) {
    /** Whether a query has no key here: then the row is 0, and exact, whatever it is joined by. */
    boolean empty(int row) {
      return lse.value().get(row) == Double.NEGATIVE_INFINITY;
    }
  }

  /** Those of a merge whose {@link Slots} hold these values; the engine is an fp64 one. */
  static Branches of(MergePlan merge, List<Known> slots, Engine engine, Rounding u) {
    List<Part> parts = new ArrayList<>();
    int next = 0;
    for (Branch branch : merge.branches()) {
      int count = Slots.of(branch.problem(), branch.plan()).size();
      Operands x = Operands.of(branch.problem(), branch.plan(), slots.subList(next, next + count));
      next += count;
      Forward forward = engine.forward(x.problem(), x.plan());
      Tensor lse = forward.lse();
      if (lse == null) {
        throw new NoBoundException(
            "no error bound is derived for merges of " + x.plan().kind() + " plans");
      }
      SoftmaxForward bound = new SoftmaxForward(x, forward.out(), u);
      parts.add(
          new Part(
              x, new Known(forward.out(), bound.errorOut()), new Known(lse, bound.errorLse())));
    }
    return new Branches(parts, merge.gates() == null ? null : slots.get(next));
  }

  /** How many there are. */
  int size() {
    return parts.size();
  }
}
