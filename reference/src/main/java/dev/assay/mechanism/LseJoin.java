package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;

/**
 * Several softmaxes over the same queries joined into one, by ops:
 *
 * <pre>
 * L_i = log sum_s exp L_is        out_i = sum_s exp(L_is - L_i) out_is
 * </pre>
 *
 * That is one softmax over the keys of all branches; a key in two of them counts twice. A branch in
 * which a query met no key has no part.
 */
public final class LseJoin {
  /** What the weights {@code exp(L_is - L_i)} are to the gradient. */
  public enum Weights {
    /** Functions of queries and keys, as they are. */
    DIFFERENTIATED,
    /** Constants: the gradient is then not that of the output. */
    DETACHED
  }

  private LseJoin() {}

  /**
   * Joins them.
   *
   * @param branches at least one, each with an LSE
   * @param valid which rows (b, h, i) there are; the others give 0, an LSE of -inf and no gradient
   */
  public static Answer of(List<Answer> branches, Weights weights, KeepMask.Predicate valid) {
    Require.argument(!branches.isEmpty(), "a join needs at least one branch");
    Var first = lse(branches.getFirst());
    Shape rows = first.shape();
    Shape table = Shape.of(rows.size(), branches.size());
    List<Var> columns = new ArrayList<>();
    for (Answer branch : branches) {
      columns.add(Ops.reshape(lse(branch), Shape.of(rows.size(), 1)));
    }
    Var levels = Ops.concat(1, columns.toArray(Var[]::new));
    Tensor all = levels.value();
    Tensor keep =
        Tensor.generate(
            table,
            p ->
                all.get(p) != Double.NEGATIVE_INFINITY
                        && valid.test(rows.index(p / branches.size()))
                    ? 1
                    : 0);
    Var shares = Ops.maskedSoftmax(levels, keep);
    if (weights == Weights.DETACHED) {
      shares = Ops.detach(shares);
    }
    Var out = weighted(branches, shares, rows);
    // The cotangent of a row without keys may be anything, even NaN.
    Tensor met = KeepMask.where(out.shape(), x -> meets(keep, rows.offset(x[0], x[1], x[2])));
    return Answer.of(Ops.select(out, met), Ops.reshape(Ops.logSumExp(levels, keep), rows));
  }

  private static Var weighted(List<Answer> branches, Var shares, Shape rows) {
    Shape column = Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), 1);
    Var out = null;
    for (int s = 0; s < branches.size(); s++) {
      Var share = Ops.reshape(Ops.slice(shares, 1, s, s + 1), column);
      Var part = Ops.mul(share, branches.get(s).out());
      out = out == null ? part : Ops.add(out, part);
    }
    return Objects.requireNonNull(out);
  }

  private static boolean meets(Tensor keep, int row) {
    int branches = keep.shape().extent(1);
    for (int s = 0; s < branches; s++) {
      if (keep.get(row * branches + s) != 0) {
        return true;
      }
    }
    return false;
  }

  private static Var lse(Answer branch) {
    return Objects.requireNonNull(branch.lse(), "a branch without a log-sum-exp cannot be joined");
  }
}
