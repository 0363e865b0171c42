package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;

/**
 * Bounds of the output of attention through features. With the weights, magnitudes and normaliser
 * of {@link FeatureRow}:
 *
 * <pre>
 * E_num_c = sum_j (fuzz A_j |v_jc| + ew_j (|v_jc| + ev_jc) + |w_j| ev_jc) + tiny
 * E_out_c = (E_num_c + |o_c| E_z) / least + (2 uS + uO) |o_c| + tinyO
 * </pre>
 *
 * <p>For {@code o' - o = (num' - num - o (z' - z)) / z'} and |z'| is at least {@code least}. A row
 * whose normaliser may be 0 in the class has no bound; one whose products all are 0 has no error.
 */
final class FeatureForwardBound {
  private FeatureForwardBound() {}

  /**
   * The bound of every element.
   *
   * @param out the output in fp64
   */
  static double[] of(Operands x, Tensor out, Rounding u) {
    AttentionProblem problem = x.problem();
    FeatureRow row = new FeatureRow(x, u);
    double[] error = new double[out.size()];
    for (int r = 0; r < problem.lseShape().size(); r++) {
      int[] at = problem.lseShape().index(r);
      row.of(at[0], at[1], at[2]);
      for (int c = 0; c < problem.valueDepth() && !row.empty(); c++) {
        int p = r * problem.valueDepth() + c;
        double numerator = numerator(x, row, at[0], problem.kvHead(at[1]), c, u);
        double o = Math.abs(out.get(p));
        error[p] =
            (numerator + o * row.errorOfNormaliser()) / row.least()
                + (2 * u.uS() + u.uO()) * o
                + u.tinyO();
        error[p] = row.least() > 0 && error[p] >= 0 ? error[p] : Double.POSITIVE_INFINITY;
      }
    }
    return error;
  }

  private static double numerator(
      Operands x, FeatureRow row, int b, int kvHead, int c, Rounding u) {
    AttentionProblem problem = x.problem();
    double error = 0;
    double magnitude = 0;
    double values = 0;
    for (int t = 0; t < row.size(); t++) {
      int p = problem.keyRow(b, kvHead, row.key(t)) * problem.valueDepth() + c;
      double v = Math.abs(x.v().value().get(p));
      double ev = x.v().errorAt(p);
      magnitude += row.magnitude(t) * v;
      values += v;
      error += row.inherited(t) * (v + ev) + Math.abs(row.weight(t)) * ev;
    }
    return magnitude < u.hugeS()
        ? error + row.fuzz() * magnitude + row.tiny(values)
        : Double.POSITIVE_INFINITY;
  }
}
