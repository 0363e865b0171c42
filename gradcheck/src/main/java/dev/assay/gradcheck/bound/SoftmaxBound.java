package dev.assay.gradcheck.bound;

import dev.assay.op.LogSumExp;
import dev.assay.op.MaskedSoftmax;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Errors of a softmax and of a log-sum-exp that are ops of their own, before the result is stored.
 * With logits off by e, n of them kept in a row, and largest m:
 *
 * <pre>
 * delta_j = e_j + uS (2 |s_j - m| + expUlp);  rho = exp(delta) - 1;  growth = exp(sum p delta)
 * E_p     = p_j (growth (rho_j + sum p rho) + (n + 1) uAcc)
 * E_lse   = growth sum p rho + n uAcc + uS (|m| + (expUlp + 1)|L - m|)
 * </pre>
 */
final class SoftmaxBound {
  private final Known s;
  private final Tensor keep;
  private final int width;
  private final Rounding u;
  private int kept;
  private double max;
  private double sum;
  private double growth;
  private double softmax;

  private SoftmaxBound(Known s, Tensor keep, Rounding u) {
    this.s = s;
    this.keep = keep;
    this.width = s.value().shape().extent(-1);
    this.u = u;
  }

  static double[] weights(MaskedSoftmax op, List<Known> x, Tensor y, Rounding u) {
    SoftmaxBound row = new SoftmaxBound(x.getFirst(), op.keep(), u);
    double[] error = new double[y.size()];
    for (int start = 0; start < error.length; start += row.width) {
      row.look(start);
      for (int p = start; p < start + row.width; p++) {
        if (row.counts(p)) {
          double own = row.sum == 0 ? 0 : row.lift(p) / row.sum;
          double others = row.growth * row.softmax + (row.kept + 1) * u.uAcc();
          error[p] = row.growth * own + y.get(p) * others;
        }
      }
    }
    return error;
  }

  static double[] lse(LogSumExp op, List<Known> x, Tensor y, Rounding u) {
    SoftmaxBound row = new SoftmaxBound(x.getFirst(), op.keep(), u);
    double[] error = new double[y.size()];
    for (int i = 0; i < error.length; i++) {
      row.look(i * row.width);
      if (row.kept > 0) {
        double log = (u.expUlp() + 1) * Math.abs(y.get(i) - row.max);
        double rounding = u.uS() * (Math.abs(row.max) + log);
        error[i] = row.growth * row.softmax + row.kept * u.uAcc() + rounding;
      }
    }
    return error;
  }

  private boolean counts(int p) {
    return keep.get(p) != 0 && s.value().get(p) != Double.NEGATIVE_INFINITY;
  }

  private double exponent(int p) {
    return s.errorAt(p) + u.uS() * (2 * Math.abs(s.value().get(p) - max) + u.expUlp());
  }

  /** exp(s - m) rho. */
  private double lift(int p) {
    return ExpError.of(s.value().get(p) - max, exponent(p));
  }

  private void look(int start) {
    kept = 0;
    max = Double.NEGATIVE_INFINITY;
    for (int p = start; p < start + width; p++) {
      if (counts(p)) {
        kept++;
        max = Math.max(max, s.value().get(p));
      }
    }
    sum = 0;
    double drift = 0;
    softmax = 0;
    for (int p = start; p < start + width; p++) {
      if (counts(p)) {
        double weight = StrictMath.exp(s.value().get(p) - max);
        sum += weight;
        drift += weight * exponent(p);
        softmax += lift(p);
      }
    }
    growth = kept == 0 ? 1 : StrictMath.exp(drift / sum);
    softmax = kept == 0 ? 0 : softmax / sum;
  }
}
