package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Bounds of the gradients of a recurrence. S, T, u, E, E_T, W as forward; Z is the cotangent of the
 * state with its own error E_Z and magnitudes W_Z, taken backward by the same {@link StateError}:
 * it adds {@code scale q dO^T} for each head and takes away {@code k du^T}, whose norms are those
 * of the transposed steps. With {@code f = gamma(d + d_v + 8, uS) + uDS}:
 *
 * <pre>
 * y    = Z u            e_y   = sum_c (E_Z (|u| + eu) + |Z| eu + f W_Z |u|)
 * E_dq = |scale| sum_c (E (|dO| + edO) + |S| edO + f W |dO|)
 * e_du = sum_r ((|b| + eb)((|k| + ek) E_Z + ek |Z|) + eb |k||Z| + f |b||k| W_Z) = E_dv
 * E_dk = |b| e_y + eb (|y| + e_y) + sum_c (E_T (|du| + e_du) + |T| e_du + f W_T |du|)    delta rules
 * E_db = sum_r (|k| e_y + ek (|y| + e_y) + f |k| sum_c W_Z |u|)
 * E_da = sum_c (E_Z (W + E) + W_Z E + f W_Z W)                Z behind the write, S before the token
 * </pre>
 *
 * <p>each with {@code uO (|result| + parts) + tiny}, parts the magnitude of the sum where a key
 * head has several query heads, whose parts may be stored. The gradient of the decay is bounded for
 * kernels that take it from state and cotangent, not from differences of cumulated sums.
 */
final class RecurrentBackwardBound {
  private final RecurrentOperands x;
  private final AttentionProblem problem;
  private final Known dOut;
  private final Rounding u;
  private final double fuzz;
  private final int depth;
  private final int channels;
  private final int group;
  private final GradientErrors dq;
  private final GradientErrors dk;
  private final GradientErrors dv;
  private final GradientErrors dDecay;
  private final GradientErrors dBeta;

  RecurrentBackwardBound(RecurrentOperands x, Known dOut, Rounding u) {
    this.x = x;
    this.problem = x.problem();
    this.dOut = dOut;
    this.u = u;
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
    this.group = problem.heads() / problem.kvHeads();
    this.fuzz = FeatureRow.gamma(depth + channels + 8, u.uS()) + u.uDS();
    this.dq = new GradientErrors(problem.q().size(), false, u);
    this.dk = new GradientErrors(problem.k().size(), group > 1, u);
    this.dv = new GradientErrors(problem.v().size(), group > 1, u);
    this.dDecay = new GradientErrors(x.decay() == null ? 0 : x.decay().value().size(), false, u);
    this.dBeta = new GradientErrors(x.beta() == null ? 0 : x.beta().value().size(), false, u);
    for (int sequence = 0; sequence < x.sequences(); sequence++) {
      for (int keyHead = 0; keyHead < problem.kvHeads(); keyHead++) {
        sequence(new RecurrentWalk(x, sequence, keyHead, u), keyHead);
      }
    }
  }

  /** The bounds of dq, dk, dv, and of the decay's and of beta's gradient where there is one. */
  List<double[]> errors(List<Tensor> gradients) {
    List<double[]> errors = new ArrayList<>();
    errors.add(dq.bound(gradients.get(0)));
    errors.add(dk.bound(gradients.get(1)));
    errors.add(dv.bound(gradients.get(2)));
    if (x.decays()) {
      errors.add(dDecay.bound(gradients.get(3)));
    }
    if (x.isDelta()) {
      errors.add(dBeta.bound(gradients.getLast()));
    }
    return errors;
  }

  private void sequence(RecurrentWalk walk, int keyHead) {
    int perToken = group + (x.isDelta() ? 1 : 0) + (x.decays() ? 2 : 0);
    StateError error = new StateError(depth, channels, x.isDelta(), perToken, u);
    double[] cotangent = new double[depth * channels];
    for (int t = walk.residuals.length - 1; t >= 0; t--) {
      for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
        read(walk, t, walk.queryRow(h, t), cotangent, error);
      }
      write(walk, t, cotangent, error);
      double[] a = walk.decay(t);
      if (x.decays()) {
        decay(walk, t, error);
      }
      RecurrentWalk.scaleRows(cotangent, a);
      error.decay(a, walk.decayError(t));
      error.endOfToken(cotangent);
    }
  }

  private void read(RecurrentWalk walk, int t, int row, double[] cotangent, StateError error) {
    double[] g = RecurrentWalk.row(dOut, row, channels);
    double[] eg = RecurrentWalk.errorRow(dOut, row, channels);
    double[] q = RecurrentWalk.row(x.q(), row, depth);
    double[] eq = RecurrentWalk.errorRow(x.q(), row, depth);
    double scale = problem.scale();
    for (int r = 0; r < depth; r++) {
      double off = 0;
      double magnitude = 0;
      for (int c = 0; c < channels; c++) {
        int p = r * channels + c;
        off += walk.errors[t + 1][p] * (Math.abs(g[c]) + eg[c]);
        off += Math.abs(walk.states[t + 1][p]) * eg[c];
        magnitude += walk.magnitudes[t + 1][p] * Math.abs(g[c]);
      }
      double size = Math.abs(scale) * magnitude;
      dq.add(row * depth + r, Math.abs(scale) * off + fuzz * size, size);
      q[r] *= scale;
      eq[r] = Math.abs(scale) * eq[r] + u.scaledQuery() * Math.abs(q[r]);
    }
    RecurrentWalk.addOuter(cotangent, q, g);
    error.add(q, eq, g, eg);
  }

  private void write(RecurrentWalk walk, int t, double[] cotangent, StateError error) {
    double[] off = error.errors();
    double[] key = walk.key(t);
    double[] keyError = walk.keyError(t);
    double beta = Math.abs(walk.beta(t));
    double betaError = walk.betaError(t);
    double[] along = new double[depth];
    double[] alongError = new double[depth];
    along(walk, t, cotangent, error, off, along, alongError);
    double[] dResidual = new double[channels];
    double[] fresh = new double[channels];
    double[] total = new double[channels];
    double local = fuzz + FeatureRow.gamma(x.isDelta() ? error.roundings() : 0, u.uAcc());
    for (int c = 0; c < channels; c++) {
      double magnitude = 0;
      for (int r = 0; r < depth; r++) {
        int p = r * channels + c;
        double z = Math.abs(cotangent[p]);
        dResidual[c] += walk.beta(t) * key[r] * cotangent[p];
        magnitude += beta * Math.abs(key[r]) * error.magnitude(p);
        fresh[c] += (beta + betaError) * keyError[r] * (z + off[p]);
        fresh[c] += betaError * Math.abs(key[r]) * (z + off[p]);
        total[c] += beta * Math.abs(key[r]) * off[p];
      }
      fresh[c] += local * magnitude + depth * u.tinyS() + u.tinyP();
      total[c] += fresh[c];
      dv.add(walk.keyRow(t) * channels + c, total[c], magnitude);
    }
    if (x.isDelta()) {
      takeBack(walk, t, dResidual, total);
      Arrays.setAll(key, r -> -key[r]);
      RecurrentWalk.addOuter(cotangent, key, dResidual);
      error.spread(walk.growth(t));
      error.add(key, keyError, dResidual, fresh);
    }
  }

  /** y = Z u and what it gives to dk and to the gradient of beta. */
  private void along(
      RecurrentWalk walk,
      int t,
      double[] cotangent,
      StateError error,
      double[] off,
      double[] along,
      double[] alongError) {
    double[] residual = walk.residuals[t];
    double[] residualError = walk.residualErrors[t];
    double beta = Math.abs(walk.beta(t));
    for (int r = 0; r < depth; r++) {
      double magnitude = 0;
      for (int c = 0; c < channels; c++) {
        int p = r * channels + c;
        along[r] += cotangent[p] * residual[c];
        alongError[r] += off[p] * (Math.abs(residual[c]) + residualError[c]);
        alongError[r] += Math.abs(cotangent[p]) * residualError[c];
        magnitude += error.magnitude(p) * Math.abs(residual[c]);
      }
      alongError[r] += fuzz * magnitude;
      double inherited = walk.betaError(t) * (Math.abs(along[r]) + alongError[r]);
      dk.add(walk.keyRow(t) * depth + r, beta * alongError[r] + inherited, beta * magnitude);
      if (x.isDelta()) {
        double key = Math.abs(walk.key(t)[r]);
        double ofKey = walk.keyError(t)[r] * (Math.abs(along[r]) + alongError[r]);
        dBeta.add(
            walk.stepRow(t), key * alongError[r] + ofKey + fuzz * key * magnitude, key * magnitude);
      }
    }
  }

  /** T du, which delta rules take from dk. */
  private void takeBack(RecurrentWalk walk, int t, double[] dResidual, double[] total) {
    double[] a = walk.decay(t);
    double[] off = walk.decayedErrors(t);
    for (int r = 0; r < depth; r++) {
      double sum = 0;
      double magnitude = 0;
      for (int c = 0; c < channels; c++) {
        int p = r * channels + c;
        double du = Math.abs(dResidual[c]);
        sum += off[p] * (du + total[c]) + Math.abs(a[r] * walk.states[t][p]) * total[c];
        magnitude += Math.abs(a[r]) * walk.magnitudes[t][p] * du;
      }
      dk.add(walk.keyRow(t) * depth + r, sum + fuzz * magnitude, magnitude);
    }
  }

  private void decay(RecurrentWalk walk, int t, StateError error) {
    double[] off = error.errors();
    for (int p = 0; p < off.length; p++) {
      double before = walk.magnitudes[t][p];
      double errorBefore = walk.errors[t][p];
      double magnitude = error.magnitude(p) * before;
      double sum = off[p] * (before + errorBefore) + error.magnitude(p) * errorBefore;
      dDecay.add(walk.stepRow(t) * depth + p / channels, sum + fuzz * magnitude, magnitude);
    }
  }
}
