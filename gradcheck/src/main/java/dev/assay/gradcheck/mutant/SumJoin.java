package dev.assay.gradcheck.mutant;

/**
 * Joins parts by their maxima and sums: {@code max = max_s max_s}, {@code w_s = e^(max_s - max)},
 * {@code sum = sum_s w_s sum_s}, {@code acc = sum_s w_s acc_s}.
 */
final class SumJoin extends RowJoin {
  private float max;
  private float sum;

  SumJoin(Lines lines, Form form, int channels) {
    super(lines, form, channels);
  }

  @Override
  void into(float[] out, int at) {
    float[] weights = weights();
    for (int c = 0; c < channels; c++) {
      float acc = 0;
      for (int s = 0; s < weights.length; s++) {
        acc += lines.join().joins(parts.get(s).max()) ? weights[s] * parts.get(s).acc()[c] : 0;
      }
      float result = lines.softmax().out(acc, sum);
      out[at + c] = lines.softmax().result(result, form.storage());
    }
  }

  private float[] weights() {
    max = parts.getFirst().max();
    sum = parts.getFirst().sum();
    if (parts.size() == 1) {
      return new float[] {1};
    }
    for (Part part : parts) {
      max = lines.join().max(max, part.max());
    }
    sum = 0;
    float[] weights = new float[parts.size()];
    for (int s = 0; s < weights.length; s++) {
      if (lines.join().joins(parts.get(s).max())) {
        weights[s] = lines.join().weight(parts.get(s).max(), max);
        sum += weights[s] * parts.get(s).sum();
      }
    }
    return weights;
  }

  @Override
  float lse() {
    return parts.size() == 1 ? lines.softmax().lse(max, sum) : lines.join().lse(max, sum);
  }
}
