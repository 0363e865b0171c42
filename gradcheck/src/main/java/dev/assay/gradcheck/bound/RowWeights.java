package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Plan;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The keys that a query meets and their softmax weights, in fp64. */
public final class RowWeights {
  private final ScoreRow row;
  private double lse;

  /** For a problem held in fp64 and a plan that is a softmax and no merge. */
  public RowWeights(AttentionProblem problem, Plan plan) {
    Known bias = known(problem.bias());
    Operands x =
        new Operands(
            problem,
            plan,
            new Known(problem.q(), null),
            new Known(problem.k(), null),
            new Known(problem.v(), null),
            bias);
    this.row = new ScoreRow(x, Rounding.NONE);
  }

  private static @Nullable Known known(@Nullable Tensor tensor) {
    return tensor == null ? null : new Known(tensor, null);
  }

  /** Looks at query i of batch entry b and head h. */
  public void of(int b, int h, int i) {
    row.of(b, h, i);
    lse = row.lse();
  }

  /** How many keys the query meets. */
  public int size() {
    return row.size();
  }

  /** Key number t, ascending. */
  public int key(int t) {
    return row.key(t);
  }

  /** Its logit, with bias and multiplicity. */
  public double logit(int t) {
    return row.logit(t);
  }

  /** Its weight: exp(logit - lse), before dropout. */
  public double weight(int t) {
    return StrictMath.exp(row.logit(t) - lse);
  }
}
