package dev.assay.mechanism.hashed;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * How the centroids of a {@link RoutingTransformer} follow the tokens while it trains: by moving
 * averages, without a gradient.
 */
public final class Centroids {
  private Centroids() {}

  /**
   * The centroid with the largest product with each token, the first of equals.
   *
   * @param x [B, H, n, d]
   * @param means [H, C, d]
   * @return in the shape of x
   */
  public static Tensor nearest(Tensor x, Tensor means) {
    Shape shape = x.shape();
    int d = shape.extent(3);
    double[] found = new double[x.size()];
    for (int row = 0; row * d < found.length; row++) {
      int h = row / shape.extent(2) % shape.extent(1);
      int c = index(x, row * d, means, h);
      for (int channel = 0; channel < d; channel++) {
        found[row * d + channel] = means.at(h, c, channel);
      }
    }
    return Tensor.adopt(shape, found);
  }

  private static int index(Tensor x, int from, Tensor means, int h) {
    int best = 0;
    double highest = Double.NEGATIVE_INFINITY;
    for (int c = 0; c < means.shape().extent(1); c++) {
      double product = 0;
      for (int channel = 0; channel < means.shape().extent(2); channel++) {
        product += x.get(from + channel) * means.at(h, c, channel);
      }
      if (product > highest) {
        highest = product;
        best = c;
      }
    }
    return best;
  }

  /**
   * One step of k-means on the sphere, as routing-transformer takes it: the sums of the tokens
   * nearest to each centroid, at length 1; a centroid without tokens stays. A row of zeros is
   * padding, and no token.
   *
   * @param x [B, H, n, d]
   * @param means [H, C, d]
   */
  public static Tensor next(Tensor x, Tensor means) {
    Shape shape = x.shape();
    int d = shape.extent(3);
    int clusters = means.shape().extent(1);
    double[] sums = new double[means.size()];
    int[] counts = new int[shape.extent(1) * clusters];
    for (int row = 0; row * d < x.size(); row++) {
      int h = row / shape.extent(2) % shape.extent(1);
      if (zeros(x, row * d, d)) {
        continue;
      }
      int at = h * clusters + index(x, row * d, means, h);
      counts[at]++;
      for (int channel = 0; channel < d; channel++) {
        sums[at * d + channel] += x.get(row * d + channel);
      }
    }
    for (int at = 0; at < counts.length; at++) {
      double squares = 0;
      for (int channel = 0; channel < d; channel++) {
        squares += sums[at * d + channel] * sums[at * d + channel];
      }
      double length = Math.max(1e-12, Math.sqrt(squares));
      for (int channel = 0; channel < d; channel++) {
        int p = at * d + channel;
        sums[p] = counts[at] == 0 ? means.get(p) : sums[p] / length;
      }
    }
    return Tensor.adopt(means.shape(), sums);
  }

  private static boolean zeros(Tensor x, int from, int count) {
    for (int p = from; p < from + count; p++) {
      if (x.get(p) != 0) {
        return false;
      }
    }
    return true;
  }

  /** {@code decay means + (1 - decay) next}, not brought to length 1 again. */
  public static Tensor moved(Tensor means, Tensor next, double decay) {
    Require.argument(decay >= 0 && decay <= 1, "decay is %s: it must lie in [0, 1]", decay);
    return Tensor.generate(means.shape(), p -> decay * means.get(p) + (1 - decay) * next.get(p));
  }
}
