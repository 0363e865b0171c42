package dev.assay.mechanism.chunked;

/** How the size m of chunks follows from the number of tokens n; always within [1, n]. */
public enum SizeRule {
  /** Precise: the smallest power of two m with m * m >= n. */
  SQRT_POW2,
  /** Literal: floor(log2 n). */
  LOG2,
  /** 10 floor(log2 n), rounded up to a multiple of 16. */
  SCALED_LOG2,
  /** A size that is given. */
  FIXED;

  /**
   * The size of a chunk.
   *
   * @param n tokens
   * @param given size of FIXED
   */
  int chunkSize(int n, int given) {
    int log2 = 31 - Integer.numberOfLeadingZeros(Math.max(n, 1));
    int m =
        switch (this) {
          case SQRT_POW2 -> sqrtPow2(n);
          case LOG2 -> log2;
          case SCALED_LOG2 -> (10 * log2 + 15) / 16 * 16;
          case FIXED -> given;
        };
    return Math.clamp(m, 1, Math.max(n, 1));
  }

  private static int sqrtPow2(int n) {
    int m = 1;
    while ((long) m * m < n) {
      m *= 2;
    }
    return m;
  }
}
