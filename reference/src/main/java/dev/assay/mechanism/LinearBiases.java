package dev.assay.mechanism;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Attention with linear biases: a logit falls with the distance of query and key, {@code s_ij -=
 * slope_h distance_ij}, with one slope for each head. Source: Press, Smith and Lewis, "Train short,
 * test long: attention with linear biases enables input length extrapolation" (2021).
 */
public final class LinearBiases {
  /** How far a key lies from a query. */
  public interface Distance {
    /** The distance of query i and key j of batch entry b. */
    double of(int b, int i, int j);
  }

  private LinearBiases() {}

  /**
   * The slopes of so many heads. For a power of two {@code 2^(-8 (h + 1) / heads)}. Otherwise those
   * of the largest power of two below, and then the first, third, fifth, ... of twice that power,
   * as the authors' code has it.
   */
  public static double[] slopes(int heads) {
    Require.positive(heads, "heads");
    int power = Integer.highestOneBit(heads);
    double[] slopes = new double[heads];
    for (int h = 0; h < heads; h++) {
      double exponent =
          h < power ? 8.0 * (h + 1) / power : 8.0 * (2 * (h - power) + 1) / (2.0 * power);
      slopes[h] = StrictMath.pow(2, -exponent);
    }
    return slopes;
  }

  /**
   * What is added to the logits.
   *
   * @param pairs [B or 1, H, n_q, n_k]
   * @return {@code -slope_h distance(b, i, j)}
   */
  public static Tensor bias(Shape pairs, Distance distance) {
    double[] slopes = slopes(pairs.extent(1));
    return Tensor.generate(
        pairs,
        p -> {
          int[] x = pairs.index(p);
          // Not -0, which would be another number to whoever compares bits.
          return 0 - slopes[x[1]] * distance.of(x[0], x[2], x[3]);
        });
  }
}
