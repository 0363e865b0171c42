package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;

/**
 * What single pairs of a query and a key give in attention through features, for those that hold
 * numbers that are not finite: they keep out of products over tiles.
 */
final class FeaturePairs {
  private final float[] q;
  private final float[] k;
  private final float[] v;
  private final int depth;
  private final int channels;

  FeaturePairs(AttentionProblem problem) {
    this.q = problem.q().floats();
    this.k = problem.k().floats();
    this.v = problem.v().floats();
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
  }

  /** {@code w = q . k}. */
  float weight(int queryAt, int keyAt) {
    return dot(q, queryAt, k, keyAt, depth);
  }

  /** {@code sum_c x_c y_c}, in order. */
  static float dot(float[] x, int xAt, float[] y, int yAt, int count) {
    float sum = 0;
    for (int c = 0; c < count; c++) {
      sum = Math.fma(x[xAt + c], y[yAt + c], sum);
    }
    return sum;
  }

  /** Adds {@code w [v, 1]} to a row. */
  void addValue(int queryAt, int keyAt, int valueAt, Matrix sums, int r) {
    float weight = weight(queryAt, keyAt);
    add(weight, v, valueAt, channels, sums, r);
    sums.values()[sums.row(r) + channels] += weight;
  }

  /** {@code dw = (dOut . v - delta) / normaliser}. */
  float weightGradient(float[] dOut, int outAt, int valueAt, float delta, float normaliser) {
    return (dot(dOut, outAt, v, valueAt, channels) - delta) / normaliser;
  }

  /** Adds {@code dw k} to a row. */
  void addKey(float dWeight, int keyAt, Matrix dq, int r) {
    add(dWeight, k, keyAt, depth, dq, r);
  }

  /** Adds {@code dw q} to a row. */
  void addQuery(float dWeight, int queryAt, Matrix dk, int r) {
    add(dWeight, q, queryAt, depth, dk, r);
  }

  /** Adds so many numbers, each times a factor, to a row. */
  static void add(float factor, float[] x, int at, int count, Matrix to, int r) {
    int into = to.row(r);
    for (int c = 0; c < count; c++) {
      to.values()[into + c] = Math.fma(factor, x[at + c], to.values()[into + c]);
    }
  }
}
