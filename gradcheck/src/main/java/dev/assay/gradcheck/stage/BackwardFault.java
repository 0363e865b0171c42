package dev.assay.gradcheck.stage;

/** The stages of the backward, each a method that a fault may replace; these are the right ones. */
class BackwardFault {
  /** Whether a pair counts. */
  boolean counts(Row row, int j) {
    return row.met(j);
  }

  /** The weight again. */
  double weight(double logit, double lse) {
    return StrictMath.exp(logit - lse);
  }

  /** The row whose cotangent is read. */
  int cotangent(int row) {
    return row;
  }

  double delta(double rowDot, double square, double dLse) {
    return rowDot - dLse;
  }

  double dP(double dot, double keep) {
    return dot * keep;
  }

  double slope(double slope) {
    return slope;
  }

  /** The weight by which a cotangent goes to a value. */
  double dropped(double p, double keep) {
    return p * keep;
  }
}
