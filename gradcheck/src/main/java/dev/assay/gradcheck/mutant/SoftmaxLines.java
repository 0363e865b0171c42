package dev.assay.gradcheck.mutant;

import dev.assay.tensor.DType;

/** The online softmax: each method is a line of the plain kernel that a mutant may replace. */
class SoftmaxLines {
  float exp(float x) {
    return (float) StrictMath.exp(x);
  }

  float log(float x) {
    return (float) StrictMath.log(x);
  }

  /** The maximum before the first key. */
  float firstMax() {
    return Float.NEGATIVE_INFINITY;
  }

  /** The sum before the first key. */
  float firstSum() {
    return 0;
  }

  float max(float max, float s, int tile) {
    return Math.max(max, s);
  }

  /** What is subtracted from logits: not -inf, where all so far were masked. */
  float shift(float max) {
    return max == Float.NEGATIVE_INFINITY ? 0 : max;
  }

  /** By what the sums so far are multiplied. */
  float rescale(float before, float shift) {
    return exp(before - shift);
  }

  float weight(float s, float shift) {
    return exp(s - shift);
  }

  /** What a pair adds to the sum. */
  float summand(float p, float keep, DType storage) {
    return p;
  }

  float sum(float sum, float alpha, float tile) {
    return sum * alpha + tile;
  }

  float accumulate(float acc, float alpha, float tile) {
    return acc * alpha + tile;
  }

  /** The weight of a pair's value under dropout. */
  float dropped(float p, float keep) {
    return p * keep;
  }

  /** A probability as it multiplies a value. */
  float stored(float p, DType storage) {
    return (float) storage.round(p);
  }

  float out(float acc, float sum) {
    return sum == 0 ? 0 : acc / sum;
  }

  float lse(float max, float sum) {
    return sum == 0 ? Float.NEGATIVE_INFINITY : max + log(sum);
  }

  /** A number of the output in its type. */
  float result(float x, DType storage) {
    return (float) storage.round(x);
  }
}
