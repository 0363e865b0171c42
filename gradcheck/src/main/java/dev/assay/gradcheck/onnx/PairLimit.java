package dev.assay.gradcheck.onnx;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;

/** The oracle holds every pair of query and key in memory, some of them several times. */
final class PairLimit {
  private static final long MOST_PAIRS = 1L << 22;

  private PairLimit() {}

  /**
   * Refuses what would not fit.
   *
   * @param q shape [B, H, n_q, d]
   * @param keys n_k
   */
  static void check(Shape q, int keys) {
    long rows = (long) q.extent(0) * q.extent(1) * q.extent(2);
    Require.argument(
        rows <= MOST_PAIRS / Math.max(1, keys),
        "q %s and %s keys make more than 2^22 pairs: the oracle holds them all, give a smaller case",
        q,
        keys);
  }
}
