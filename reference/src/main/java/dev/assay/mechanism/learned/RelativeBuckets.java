package dev.assay.mechanism.learned;

/**
 * Distances as 32 buckets: near ones have a bucket each, farther ones share theirs on a logarithmic
 * scale that ends at 128. Source: Raffel et al., "Exploring the limits of transfer learning with a
 * unified text-to-text transformer" (2020).
 */
final class RelativeBuckets {
  static final int COUNT = 32;
  private static final int FARTHEST = 128;

  private RelativeBuckets() {}

  /**
   * The bucket of a pair.
   *
   * @param distance position of the query minus position of the key
   * @param causal all buckets for keys before the query; else the upper half is for keys after it
   */
  static int of(int distance, boolean causal) {
    int half = causal ? COUNT : COUNT / 2;
    int first = !causal && distance < 0 ? half : 0;
    int apart = causal ? Math.max(distance, 0) : Math.abs(distance);
    int exact = half / 2;
    if (apart < exact) {
      return first + apart;
    }
    double share =
        StrictMath.log((double) apart / exact) / StrictMath.log((double) FARTHEST / exact);
    // A whole number may come out a rounding short of itself.
    int step = (int) Math.floor(share * (half - exact) + 1e-9);
    return first + Math.min(exact + step, half - 1);
  }
}
