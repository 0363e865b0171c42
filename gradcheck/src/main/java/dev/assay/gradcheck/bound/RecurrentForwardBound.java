package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;

/**
 * Bounds of the output of a recurrence, {@code out = scale S^T q}, with the error E and the
 * magnitudes W of the state behind the token ({@link StateError}, {@link RecurrentWalk}):
 *
 * <pre>
 * E_out_c = |scale| sum_r ((|q_r| + eq_r) E_rc + eq_r |S_rc| + (gamma(d + 5, uS) + uP) |q_r| W_rc)
 *         + uO |out_c| + tiny
 * </pre>
 *
 * <p>uP is the rounding of the state, or of the weight {@code q . k_s} in a chunk, that meets
 * queries or values.
 */
final class RecurrentForwardBound {
  private final RecurrentOperands x;
  private final AttentionProblem problem;
  private final Tensor out;
  private final Rounding u;
  private final double[] error;

  private RecurrentForwardBound(RecurrentOperands x, Tensor out, Rounding u) {
    this.x = x;
    this.problem = x.problem();
    this.out = out;
    this.u = u;
    this.error = new double[out.size()];
  }

  /**
   * The bound of every element.
   *
   * @param out the output in fp64
   */
  static double[] of(RecurrentOperands x, Tensor out, Rounding u) {
    RecurrentForwardBound bound = new RecurrentForwardBound(x, out, u);
    for (int sequence = 0; sequence < x.sequences(); sequence++) {
      for (int keyHead = 0; keyHead < x.problem().kvHeads(); keyHead++) {
        bound.sequence(new RecurrentWalk(x, sequence, keyHead, u), keyHead);
      }
    }
    return bound.error;
  }

  private void sequence(RecurrentWalk walk, int keyHead) {
    int group = problem.heads() / problem.kvHeads();
    for (int t = 0; t < walk.residuals.length; t++) {
      for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
        read(walk, t + 1, walk.queryRow(h, t));
      }
    }
  }

  private void read(RecurrentWalk walk, int at, int row) {
    int channels = problem.valueDepth();
    double[] q = RecurrentWalk.row(x.q(), row, problem.depth());
    double[] eq = RecurrentWalk.errorRow(x.q(), row, problem.depth());
    double fuzz = FeatureRow.gamma(problem.depth() + 5, u.uS()) + u.uP() + u.scaledQuery();
    for (int c = 0; c < channels; c++) {
      double sum = problem.depth() * u.tinyS();
      double magnitude = 0;
      for (int r = 0; r < q.length; r++) {
        int p = r * channels + c;
        double state = Math.abs(walk.states[at][p]);
        sum += (Math.abs(q[r]) + eq[r]) * walk.errors[at][p] + eq[r] * state;
        magnitude += Math.abs(q[r]) * walk.magnitudes[at][p];
      }
      double stored = u.uO() * Math.abs(out.get(row * channels + c)) + u.tinyO();
      double bound = Math.abs(problem.scale()) * (sum + fuzz * magnitude) + stored;
      boolean fits = bound >= 0 && magnitude < u.hugeS();
      error[row * channels + c] = fits ? bound : Double.POSITIVE_INFINITY;
    }
  }
}
