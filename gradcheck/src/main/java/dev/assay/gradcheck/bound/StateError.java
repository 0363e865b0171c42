package dev.assay.gradcheck.bound;

import java.util.Arrays;

/**
 * How far the state of a recurrence, or its cotangent, may be off in a kernel: d rows and d_v
 * columns, taken from token to token together with the state itself.
 *
 * <pre>
 * m   = roundings that a token adds to a sum: one for each product that joins it, two for a decay
 * W   = sum of |x||y|^T over all tokens, decayed; for delta rules |state| at the last but one
 *       multiple of 64 tokens and what came since: what a sum in any order, or in chunks of at most
 *       64 tokens, adds up
 * F   = (a + ea) F + ea W + ex |y|^T + |x| ey^T + ex ey^T         inherited, without the delta rule
 * f_c = rho f_c + the same in the Euclidean norm of column c + (m + 3) u O_c           with it
 * O_c = the largest norm of column c of W in the last 64 tokens, each multiplied by the rho since
 * E   = F + gamma(m t + 8, u) W                                        after t tokens, without it
 * E   = f_c + (64 m + 3) u O_c + gamma(m min(t, 64) + 8, u) W                          with it
 * </pre>
 *
 * <p>Where it comes from. Without the delta rule every element of the state is a sum of products
 * x_r y_c with at most t decays each, as they are or as quotients of cumulated ones: m t roundings.
 * With it an error of the state comes back through u: it passes {@code I - beta k k^T} and the
 * decay, whose norm is at most {@code rho = max(1, |1 - beta |k|^2|) max a}. In that norm errors
 * only add up, where magnitudes would grow without end. Chunks of C tokens lose (m C + 3) u |W|
 * when they hand the state on; that is counted as (m + 3) u O at each of the C tokens behind it,
 * and until all have come the (64 m + 3) u O of E stand for the rest. C = 1 is a kernel that goes
 * token by token. Chunks are equally long and solve their triangular system by substitution.
 */
final class StateError {
  /** Tokens of the longest chunk that delta rules are bounded for. */
  static final int CHUNK = 64;

  private final double[] magnitude;
  private final double[] nextMagnitude;
  private final double[] inherited;
  private final double[] norm;
  private final double[][] recent;
  private final boolean delta;
  private final int depth;
  private final int channels;
  private final Rounding u;
  private final int perToken;
  private int tokens;

  /**
   * An exact state of zeros.
   *
   * @param perToken roundings that a token adds to a sum: one for each product that joins it, two
   *     for a decay
   */
  StateError(int depth, int channels, boolean delta, int perToken, Rounding u) {
    this.perToken = perToken;
    this.depth = depth;
    this.channels = channels;
    this.delta = delta;
    this.u = u;
    this.magnitude = new double[depth * channels];
    this.nextMagnitude = new double[delta ? depth * channels : 0];
    this.inherited = new double[delta ? 0 : depth * channels];
    this.norm = new double[channels];
    this.recent = new double[delta ? CHUNK : 0][channels];
  }

  /** {@code state = diag(a) state}. */
  void decay(double[] a, double[] ea) {
    double most = 0;
    for (int r = 0; r < depth; r++) {
      most = Math.max(most, Math.abs(a[r]) + ea[r]);
    }
    spread(most);
    for (int c = 0; c < channels && delta; c++) {
      double square = 0;
      for (int r = 0; r < depth; r++) {
        double off = ea[r] * magnitude[r * channels + c];
        square += off * off;
      }
      norm[c] += Math.sqrt(square);
    }
    for (int p = 0; p < magnitude.length; p++) {
      int r = p / channels;
      if (delta) {
        nextMagnitude[p] *= Math.abs(a[r]);
      } else {
        inherited[p] = (Math.abs(a[r]) + ea[r]) * inherited[p] + ea[r] * magnitude[p];
      }
      magnitude[p] *= Math.abs(a[r]);
    }
  }

  /** Multiplies norms by a factor that the state's columns may grow by. */
  void spread(double factor) {
    for (int c = 0; c < channels && delta; c++) {
      norm[c] *= factor;
      for (double[] one : recent) {
        one[c] *= factor;
      }
    }
  }

  /** {@code state += x y^T}, x and y in error. */
  void add(double[] x, double[] ex, double[] y, double[] ey) {
    double size = norm(x);
    double error = norm(ex);
    for (int c = 0; c < channels; c++) {
      double value = Math.abs(y[c]);
      norm[c] += delta ? error * (value + ey[c]) + size * ey[c] : 0;
      for (int r = 0; r < depth; r++) {
        int p = r * channels + c;
        magnitude[p] += Math.abs(x[r]) * value;
        if (delta) {
          nextMagnitude[p] += Math.abs(x[r]) * value;
        } else {
          inherited[p] += ex[r] * (value + ey[c]) + Math.abs(x[r]) * ey[c];
        }
      }
    }
  }

  /** Ends a token: for delta rules what a kernel loses when it hands the state on. */
  void endOfToken(double[] state) {
    if (delta) {
      double[] own = recent[tokens % CHUNK];
      for (int c = 0; c < channels; c++) {
        double square = 0;
        for (int r = 0; r < depth; r++) {
          square += magnitude[r * channels + c] * magnitude[r * channels + c];
        }
        own[c] = Math.sqrt(square);
        norm[c] += unit() * largest(c);
      }
    }
    tokens++;
    if (delta && tokens % CHUNK == 0) {
      System.arraycopy(nextMagnitude, 0, magnitude, 0, magnitude.length);
      Arrays.setAll(nextMagnitude, p -> Math.abs(state[p]));
    }
  }

  private double largest(int c) {
    double largest = 0;
    for (double[] one : recent) {
      largest = Math.max(largest, one[c]);
    }
    return largest;
  }

  /** W. */
  double magnitude(int p) {
    return magnitude[p];
  }

  /** E, element by element. */
  double[] errors() {
    double[] errors = new double[magnitude.length];
    for (int c = 0; c < channels; c++) {
      double column = delta ? norm[c] + (CHUNK * perToken + 3) * u.uAcc() * largest(c) : 0;
      for (int r = 0; r < depth; r++) {
        int p = r * channels + c;
        errors[p] = delta ? column : inherited[p];
        errors[p] += FeatureRow.gamma(roundings(), u.uAcc()) * magnitude[p];
        errors[p] += (perToken + 2) * (tokens + 1) * u.tinyS() + u.tinyP();
      }
    }
    return errors;
  }

  /** How many roundings a product of the sum takes part in, as long as it is not handed on. */
  double roundings() {
    int most = delta ? Math.min(CHUNK, tokens + 1) : tokens + 1;
    return (double) perToken * most + 8;
  }

  /** What a token may lose in units of the norm of W. */
  private double unit() {
    return (perToken + 3) * u.uAcc();
  }

  private static double norm(double[] x) {
    double square = 0;
    for (double each : x) {
      square += each * each;
    }
    return Math.sqrt(square);
  }
}
