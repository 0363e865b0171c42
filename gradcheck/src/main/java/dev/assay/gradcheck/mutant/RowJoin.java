package dev.assay.gradcheck.mutant;

import java.util.ArrayList;
import java.util.List;

/** Joins partial softmaxes of one row. */
abstract class RowJoin {
  /** Gives a channel of a part's weighted values. */
  interface Values {
    /** Channel c. */
    float at(int c);
  }

  /** What the online softmax of a part has come to. */
  record Part(float max, float sum, float[] acc) {}

  final Lines lines;
  final Form form;
  final int channels;
  final List<Part> parts = new ArrayList<>();

  RowJoin(Lines lines, Form form, int channels) {
    this.lines = lines;
    this.form = form;
    this.channels = channels;
  }

  /** The one that a form asks for. */
  static RowJoin of(Lines lines, Form form, int channels) {
    return form.byLse() ? new LseJoin(lines, form, channels) : new SumJoin(lines, form, channels);
  }

  /** Begins a row. */
  final void reset() {
    parts.clear();
  }

  /** Takes in a part. */
  final void add(float partMax, float partSum, Values values) {
    float[] acc = new float[channels];
    for (int c = 0; c < channels; c++) {
      acc[c] = values.at(c);
    }
    parts.add(new Part(partMax, partSum, acc));
  }

  /** Writes the row's output. */
  abstract void into(float[] out, int at);

  /** The row's log-sum-exp, once its output was written. */
  abstract float lse();
}
