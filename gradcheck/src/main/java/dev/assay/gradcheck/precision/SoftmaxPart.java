package dev.assay.gradcheck.precision;

/**
 * What is known of a softmax behind some of its blocks.
 *
 * @param max the shift of all exponentials; of a closed part its log-sum-exp
 * @param sum of the exponentials; of a closed part 1
 * @param sums of exponentials times values, by channel; of a closed part the output
 */
record SoftmaxPart(double max, double sum, double[] sums) {
  /** The value of an entry in a channel. */
  interface Values {
    double of(int entry, int channel);
  }

  static SoftmaxPart empty(int channels) {
    return new SoftmaxPart(Double.NEGATIVE_INFINITY, 0, new double[channels]);
  }

  /** This and a block behind it, whose exponentials are shifted by the maximum of both already. */
  SoftmaxPart carried(SoftmaxPart block, Rounder on) {
    double factor = on.of(StrictMath.exp(on.of(max - block.max)));
    double[] all = new double[sums.length];
    for (int c = 0; c < all.length; c++) {
      all[c] = on.of(on.of(sums[c] * factor) + block.sums[c]);
    }
    return new SoftmaxPart(block.max, on.of(on.of(sum * factor) + block.sum), all);
  }

  /** The softmax of this part alone. */
  SoftmaxPart closed(Rounder on) {
    return new SoftmaxPart(logSum(on), 1, out(on));
  }

  /** Two closed parts as one: {@code o = o1 exp(L1 - L) + o2 exp(L2 - L)}. */
  SoftmaxPart mergedWith(SoftmaxPart other, Rounder on) {
    double top = Math.max(max, other.max);
    double left = on.of(StrictMath.exp(on.of(max - top)));
    double right = on.of(StrictMath.exp(on.of(other.max - top)));
    double whole = on.of(top + on.of(StrictMath.log(on.of(left + right))));
    double first = on.of(StrictMath.exp(on.of(max - whole)));
    double second = on.of(StrictMath.exp(on.of(other.max - whole)));
    double[] out = new double[sums.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = on.of(on.of(sums[c] * first) + on.of(other.sums[c] * second));
    }
    return new SoftmaxPart(whole, 1, out);
  }

  /** Log-sum-exp. */
  double logSum(Rounder on) {
    return on.of(max + on.of(StrictMath.log(sum)));
  }

  /** The output by channel. */
  double[] out(Rounder on) {
    double[] out = new double[sums.length];
    for (int c = 0; c < out.length; c++) {
      out[c] = on.of(sums[c] / sum);
    }
    return out;
  }
}
