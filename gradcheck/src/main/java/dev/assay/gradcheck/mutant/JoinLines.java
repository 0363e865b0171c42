package dev.assay.gradcheck.mutant;

/** The join of partial results: each method is a line that a mutant may replace. */
class JoinLines {
  /** Whether a part has a key. */
  boolean joins(float partMax) {
    return partMax != Float.NEGATIVE_INFINITY;
  }

  float max(float max, float partMax) {
    return Math.max(max, partMax);
  }

  /** The weight of a part whose maximum lies below that of the whole. */
  float weight(float partMax, float max) {
    return (float) StrictMath.exp(partMax - max);
  }

  float lse(float max, float sum) {
    return sum == 0 ? Float.NEGATIVE_INFINITY : max + (float) StrictMath.log(sum);
  }

  /** First tile of split s of {@code splits}. */
  int splitBegin(int tiles, int splits, int s) {
    return Math.ceilDiv(tiles * s, splits);
  }
}
