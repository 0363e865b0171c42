package dev.assay.gradcheck.mutant;

/** The choice of blocks: each method is a line of the plain gate that a mutant may replace. */
class ChoiceLines {
  /** Whether a block may be chosen. */
  boolean candidate(boolean causal, int block, int own) {
    return !causal || block < own;
  }

  /** Whether a block is taken whatever its score. */
  boolean forced(boolean causal, int block, int own) {
    return causal && block == own;
  }

  /** Valid keys that a block pools over. */
  int pooled(int block, int size, int length) {
    return Math.min(size, length - block * size);
  }

  /** The mean of a channel. */
  float mean(float sum, int count, int size) {
    return sum / count;
  }

  /** The head of keys whose blocks are scored. */
  int kvHead(int h, int heads, int kvHeads) {
    return h / (heads / kvHeads);
  }

  float score(float dot) {
    return dot;
  }

  /** Whether the first comes before the second. */
  boolean before(float score, int block, float other, int otherBlock) {
    return score > other || (score == other && block < otherBlock);
  }

  /** How many are taken besides the forced ones. */
  int places(int k, int forced, int candidates) {
    return Math.min(k - forced, candidates);
  }

  /** The block in which a query stands. */
  int own(int position, int size) {
    return Math.floorDiv(position, size);
  }

  /** Where the t-th of the chosen stands in the list, which ascends. */
  int place(int t, int count) {
    return t;
  }
}
