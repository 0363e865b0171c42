package dev.assay.gradcheck.stage;

/** The stages of attention, forward and then backward. */
public enum Stage {
  /** The discrete choice of keys or blocks, as a result of its own. */
  SELECTION("selection"),
  /** Where a row is read or written: strides, batch entries, pages. */
  ADDRESS("addressing"),
  /** Which key head a query head reads. */
  HEADS("head map"),
  /** Which pairs count: masks, lengths, windows, lists of blocks. */
  MASK("mask and keep set"),
  /** scale q . k. */
  LOGITS("scale and logits"),
  /** The cap of the logits. */
  SOFTCAP("softcap"),
  /** What is added to the logits. */
  BIAS("bias"),
  /** The maximum that is subtracted, rescaling when it rises, the join of split rows. */
  RESCALE("maximum and rescaling"),
  /** exp(s - max). */
  EXPONENT("exponential"),
  /** The sum of the exponentials, and the division by it. */
  DENOMINATOR("denominator"),
  /** The log-sum-exp as it is handed out. */
  LSE("LSE"),
  /** The weight of a value: dropout, storage. */
  WEIGHTS("weights"),
  /** The sum of weighted values. */
  VALUES("value sum"),
  /** The last rounding of a result. */
  ROUNDING("rounding of results"),
  /** Which pairs count in the backward. */
  BACKWARD_MASK("mask of the backward"),
  /** The weights, made again in the backward. */
  BACKWARD_WEIGHTS("weights of the backward"),
  /** dOut . out - dLse. */
  DELTA("delta"),
  /** dOut . v. */
  DP("dP"),
  /** p (dP - delta), and the slope of the cap. */
  DS("dS"),
  /** scale dS k, summed over keys. */
  DQ_SUM("dQ sum"),
  /** scale dS q, summed over queries and heads. */
  DK_SUM("dK sum"),
  /** p dOut, summed over queries and heads. */
  DV_SUM("dV sum"),
  /** dS, summed over what shares a bias. */
  DBIAS_SUM("dBias sum");

  private final String words;

  Stage(String words) {
    this.words = words;
  }

  /** What reports call it. */
  public String words() {
    return words;
  }
}
