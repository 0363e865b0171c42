package dev.assay.gradcheck.mutant;

/** Joins partial softmaxes of one row. */
interface RowJoin {
  /** Gives a channel of a part's weighted values. */
  interface Values {
    /** Channel c. */
    float at(int c);
  }

  /** The one that a form asks for. */
  static RowJoin of(Lines lines, Form form, int channels) {
    return form.byLse() ? new LseJoin(lines, form, channels) : new SumJoin(lines, form, channels);
  }

  /** Begins a row. */
  void reset();

  /** Takes in a part. */
  void add(float partMax, float partSum, Values values);

  /** Writes the row's output. */
  void into(float[] out, int at);

  /** The row's log-sum-exp, once its output was written. */
  float lse();
}
