package dev.assay.gradcheck.stage;

/**
 * What a row of attention would give.
 *
 * @param out the channels of the output
 * @param lse the log-sum-exp
 */
record RowResult(double[] out, double lse) {
  /** The same with another log-sum-exp. */
  RowResult withLse(double other) {
    return new RowResult(out, other);
  }

  /** The output times a number. */
  RowResult times(double factor) {
    double[] scaled = out.clone();
    for (int c = 0; c < scaled.length; c++) {
      scaled[c] *= factor;
    }
    return new RowResult(scaled, lse);
  }
}
