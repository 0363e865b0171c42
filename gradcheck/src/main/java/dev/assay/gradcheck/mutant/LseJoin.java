package dev.assay.gradcheck.mutant;

/**
 * Joins parts that are normalised first, as kernels do that split the keys of a row among
 * processors: {@code L = log sum_s e^(L_s)}, {@code out = sum_s e^(L_s - L) out_s}.
 */
final class LseJoin extends RowJoin {
  private float lse;

  LseJoin(Lines lines, Form form, int channels) {
    super(lines, form, channels);
  }

  @Override
  void into(float[] out, int at) {
    float[] lses = new float[parts.size()];
    for (int s = 0; s < lses.length; s++) {
      lses[s] = lines.softmax().lse(parts.get(s).max(), parts.get(s).sum());
    }
    lse = joined(lses);
    for (int c = 0; c < channels; c++) {
      float sum = 0;
      for (int s = 0; s < lses.length; s++) {
        if (lses[s] != Float.NEGATIVE_INFINITY) {
          float part = lines.softmax().out(parts.get(s).acc()[c], parts.get(s).sum());
          sum += (float) StrictMath.exp(lses[s] - lse) * part;
        }
      }
      out[at + c] = lines.softmax().result(sum, form.storage());
    }
  }

  private static float joined(float[] lses) {
    float max = Float.NEGATIVE_INFINITY;
    for (float part : lses) {
      max = Math.max(max, part);
    }
    if (max == Float.NEGATIVE_INFINITY) {
      return max;
    }
    float sum = 0;
    for (float part : lses) {
      sum += (float) StrictMath.exp(part - max);
    }
    return max + (float) StrictMath.log(sum);
  }

  @Override
  float lse() {
    return lse;
  }
}
