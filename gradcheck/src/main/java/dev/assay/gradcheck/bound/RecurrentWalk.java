package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/**
 * A sequence of a recurrence forward: the state and what the token writes, {@code u = v - T^T k} or
 * v, with T the state decayed, and the error of both.
 *
 * <pre>
 * eta_c = ev_c + sum_r ek_r (|T_rc| + E_T) + (gamma(R + d + 5, uS) + uP) (|v_c| + sum_r |k_r| W_T)
 * eu_c  = sum_r |k_r| E_T + eta_c                      delta rules; else both are ev_c
 * E_T   = (a + ea) E + ea |S| + uS |T|
 * </pre>
 *
 * <p>Only eta goes into the state's error anew ({@link StateError}): what u inherits from the state
 * is the {@code I - beta k k^T} there. R counts the roundings of a sum that is not handed on.
 */
final class RecurrentWalk {
  /** The state before token t, its error and the magnitudes that made it; the last is the end. */
  final double[][] states;

  final double[][] errors;
  final double[][] magnitudes;

  /** u of every token, and its error. */
  final double[][] residuals;

  final double[][] residualErrors;
  private final RecurrentOperands x;
  private final int b;
  private final int keyHead;
  private final int start;
  private final int depth;
  private final int channels;
  private final Rounding u;

  RecurrentWalk(RecurrentOperands x, int sequence, int keyHead, Rounding u) {
    this.x = x;
    this.u = u;
    this.b = x.batch(sequence);
    this.keyHead = keyHead;
    this.start = x.start(sequence);
    this.depth = x.problem().depth();
    this.channels = x.problem().valueDepth();
    int tokens = x.problem().keyLength(sequence);
    this.states = new double[tokens + 1][depth * channels];
    this.errors = new double[tokens + 1][depth * channels];
    this.magnitudes = new double[tokens + 1][depth * channels];
    this.residuals = new double[tokens][];
    this.residualErrors = new double[tokens][];
    StateError error = new StateError(depth, channels, x.isDelta(), x.decays() ? 3 : 1, u);
    double[] state = new double[depth * channels];
    for (int t = 0; t < tokens; t++) {
      step(t, state, error);
      states[t + 1] = state.clone();
      errors[t + 1] = error.errors();
      Arrays.setAll(magnitudes[t + 1], error::magnitude);
      error.endOfToken(state);
    }
  }

  private void step(int t, double[] state, StateError error) {
    double[] a = decay(t);
    scaleRows(state, a);
    error.decay(a, decayError(t));
    double[] key = key(t);
    double[] keyError = keyError(t);
    double[] residual = row(x.v(), keyRow(t), channels);
    double[] fresh = errorRow(x.v(), keyRow(t), channels);
    double[] inherited = new double[channels];
    if (x.isDelta()) {
      double[] off = decayedErrors(t);
      double fuzz = FeatureRow.gamma(error.roundings() + depth + 5, u.uS()) + u.uP();
      for (int c = 0; c < channels; c++) {
        double magnitude = Math.abs(residual[c]);
        for (int r = 0; r < depth; r++) {
          int p = r * channels + c;
          residual[c] -= key[r] * state[p];
          magnitude += Math.abs(key[r]) * error.magnitude(p);
          fresh[c] += keyError[r] * (Math.abs(state[p]) + off[p]);
          inherited[c] += Math.abs(key[r]) * off[p];
        }
        fresh[c] += fuzz * magnitude + u.tinyP() + depth * u.tinyS();
      }
      error.spread(growth(t));
    }
    double beta = beta(t);
    double[] written = new double[depth];
    double[] writtenError = new double[depth];
    for (int r = 0; r < depth; r++) {
      written[r] = beta * key[r];
      double size = Math.abs(key[r]) + keyError[r];
      writtenError[r] = betaError(t) * size + Math.abs(beta) * keyError[r];
    }
    addOuter(state, written, residual);
    error.add(written, writtenError, residual, fresh);
    residuals[t] = residual;
    residualErrors[t] = fresh.clone();
    Arrays.setAll(residualErrors[t], c -> fresh[c] + inherited[c]);
  }

  /** The error of the state before token t after its decay. */
  double[] decayedErrors(int t) {
    double[] a = decay(t);
    double[] ea = decayError(t);
    double[] off = new double[depth * channels];
    for (int p = 0; p < off.length; p++) {
      double factor = Math.abs(a[p / channels]);
      double state = Math.abs(states[t][p]);
      off[p] = (factor + ea[p / channels]) * errors[t][p] + ea[p / channels] * state;
      off[p] += x.decays() ? u.uS() * factor * state : 0;
    }
    return off;
  }

  /** What {@code I - beta k k^T} may lengthen a column of the state by. */
  double growth(int t) {
    double square = 0;
    for (double each : key(t)) {
      square += each * each;
    }
    return Math.max(1, Math.abs(1 - beta(t) * square));
  }

  int keyRow(int t) {
    return x.problem().keyRow(b, keyHead, start + t);
  }

  int queryRow(int h, int t) {
    return x.problem().queryRow(b, h, start + t);
  }

  /** Position of the token's beta, and row of its decay. */
  int stepRow(int t) {
    AttentionProblem problem = x.problem();
    return (b * problem.kvHeads() + keyHead) * problem.queries() + start + t;
  }

  double[] key(int t) {
    return row(x.k(), keyRow(t), depth);
  }

  double[] keyError(int t) {
    return errorRow(x.k(), keyRow(t), depth);
  }

  double beta(int t) {
    return x.beta() == null ? 1 : x.beta().value().get(stepRow(t));
  }

  double betaError(int t) {
    return x.beta() == null ? 0 : x.beta().errorAt(stepRow(t));
  }

  /** The factors of the rows of the state: ones for the rules without decay. */
  double[] decay(int t) {
    if (x.decay() == null) {
      double[] ones = new double[depth];
      Arrays.fill(ones, 1);
      return ones;
    }
    return row(x.decay(), stepRow(t), depth);
  }

  double[] decayError(int t) {
    return x.decay() == null ? new double[depth] : errorRow(x.decay(), stepRow(t), depth);
  }

  static double[] row(Known of, int row, int width) {
    double[] values = new double[width];
    Arrays.setAll(values, c -> of.value().get(row * width + c));
    return values;
  }

  static double[] errorRow(Known of, int row, int width) {
    double[] errors = new double[width];
    Arrays.setAll(errors, c -> of.errorAt(row * width + c));
    return errors;
  }

  static void scaleRows(double[] state, double[] a) {
    int channels = state.length / a.length;
    for (int p = 0; p < state.length; p++) {
      state[p] *= a[p / channels];
    }
  }

  static void addOuter(double[] state, double[] x, double[] y) {
    for (int p = 0; p < state.length; p++) {
      state[p] += x[p / y.length] * y[p % y.length];
    }
  }
}
