package dev.assay.gradcheck.mutant;

import java.util.Arrays;

/** The online softmax of one row over some of its tiles. */
final class Partial {
  private final Lines lines;
  private final Form form;
  private final KernelInputs in;
  private final float[] acc;
  private float max;
  private float sum;
  private float[] s = new float[16];
  private float[] p = new float[16];

  Partial(KernelInputs in, Lines lines, Form form) {
    this.in = in;
    this.lines = lines;
    this.form = form;
    this.acc = new float[in.channels];
  }

  /** Begins a row. */
  void reset() {
    max = lines.softmax().firstMax();
    sum = lines.softmax().firstSum();
    Arrays.fill(acc, 0);
  }

  /** Takes in a tile of a row. */
  void absorb(PlainRow row, int tile) {
    int begin = row.tiles().begin(tile);
    int n = row.tiles().end(tile) - begin;
    if (s.length < n) {
      s = new float[n];
      p = new float[n];
    }
    float before = max;
    for (int t = 0; t < n; t++) {
      boolean allowed = row.allowed(tile, begin + t);
      s[t] = allowed ? row.logit(begin + t) : lines.mask().masked(row, begin + t);
      max = lines.softmax().max(max, s[t], tile);
    }
    float shift = lines.softmax().shift(max);
    float alpha = lines.softmax().rescale(before, shift);
    for (int t = 0; t < n; t++) {
      p[t] = lines.softmax().weight(s[t], shift);
    }
    addUp(row, begin, n, alpha);
  }

  private void addUp(PlainRow row, int begin, int n, float alpha) {
    float[] terms = new float[n];
    for (int t = 0; t < n; t++) {
      terms[t] = lines.softmax().summand(p[t], row.keep(begin + t), form.storage());
    }
    sum = lines.softmax().sum(sum, alpha, form.sum(terms));
    float[] weights = new float[n];
    int[] at = new int[n];
    for (int t = 0; t < n; t++) {
      float dropped = lines.softmax().dropped(p[t], row.keep(begin + t));
      boolean read = !lines.mask().skips(s[t]) && row.keep(begin + t) != 0;
      weights[t] = lines.softmax().stored(dropped, form.storage());
      boolean there = read && !row.padding(begin + t);
      at[t] = there ? in.index.start(row.keyRow(begin + t), in.channels) : -1;
    }
    for (int c = 0; c < in.channels; c++) {
      for (int t = 0; t < n; t++) {
        terms[t] = at[t] < 0 ? 0 : weights[t] * in.v[at[t] + c];
      }
      acc[c] = lines.softmax().accumulate(acc[c], alpha, form.sum(terms));
    }
  }

  /** One channel of the weighted values. */
  float acc(int c) {
    return acc[c];
  }

  /** The maximum so far. */
  float max() {
    return max;
  }

  /** The sum of exponentials so far. */
  float sum() {
    return sum;
  }
}
