package dev.assay.gradcheck.mutant;

import java.util.ArrayList;
import java.util.List;

/**
 * Joins parts that are normalised already, as kernels do that split the keys of a row among
 * processors: {@code L = log sum_s e^(L_s)}, {@code out = sum_s e^(L_s - L) out_s}.
 */
final class LseJoin implements RowJoin {
  private record Part(float lse, float[] out) {}

  private final Lines lines;
  private final Form form;
  private final int channels;
  private final List<Part> parts = new ArrayList<>();
  private float lse;

  LseJoin(Lines lines, Form form, int channels) {
    this.lines = lines;
    this.form = form;
    this.channels = channels;
  }

  @Override
  public void reset() {
    parts.clear();
  }

  @Override
  public void add(float partMax, float partSum, Values values) {
    float[] out = new float[channels];
    for (int c = 0; c < channels; c++) {
      out[c] = lines.softmax().out(values.at(c), partSum);
    }
    parts.add(new Part(lines.softmax().lse(partMax, partSum), out));
  }

  @Override
  public void into(float[] out, int at) {
    lse = joined();
    for (int c = 0; c < channels; c++) {
      float sum = 0;
      for (Part part : parts) {
        if (part.lse != Float.NEGATIVE_INFINITY) {
          sum += (float) StrictMath.exp(part.lse - lse) * part.out[c];
        }
      }
      out[at + c] = lines.softmax().result(sum, form.storage());
    }
  }

  private float joined() {
    float max = Float.NEGATIVE_INFINITY;
    for (Part part : parts) {
      max = Math.max(max, part.lse);
    }
    float sum = 0;
    for (Part part : parts) {
      sum += part.lse == max ? 1 : (float) StrictMath.exp(part.lse - max);
    }
    return max == Float.NEGATIVE_INFINITY ? max : max + (float) StrictMath.log(sum);
  }

  @Override
  public float lse() {
    return lse;
  }
}
