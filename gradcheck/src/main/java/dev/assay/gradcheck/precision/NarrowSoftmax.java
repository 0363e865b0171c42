package dev.assay.gradcheck.precision;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * Softmax with every rounding of a machine. Orders without blocks find the maximum first, as the
 * definition does. With {@link Summation#BLOCKED} maximum, sum and output are carried from block to
 * block; with {@link Summation#TREE} each block is a softmax of its own, and outputs are merged by
 * their log-sum-exps. Then a weight that stands alone is made again as {@code exp(s - L)}.
 */
final class NarrowSoftmax {
  private final Machine machine;
  private final Rounder stored;
  private final Rounder on;

  NarrowSoftmax(Machine machine, Rounder stored, Rounder on) {
    this.machine = machine;
    this.stored = stored;
    this.on = on;
  }

  /** Weights of the kept entries of the last axis; 0 elsewhere. */
  Tensor weights(Tensor s, Tensor keep) {
    int width = s.shape().extent(-1);
    double[] y = new double[s.size()];
    for (int start = 0; start < y.length; start += width) {
      KeptRow row = KeptRow.of(s, keep, start, width);
      boolean again = machine.summation().hasBlocks();
      double shift = again ? logSum(row) : row.max();
      double[] w = exponentials(row.logits(), 0, row.count(), shift);
      double sum = again ? 1 : machine.summation().sum(w, w.length, machine.block(), on);
      for (int e = 0; e < w.length; e++) {
        y[row.places()[e]] = again ? w[e] : on.of(w[e] / sum);
      }
    }
    return Tensor.adopt(s.shape(), y);
  }

  /** Log-sum-exp of the kept entries of the last axis. */
  Tensor logSumExp(Tensor s, Tensor keep) {
    int width = s.shape().extent(-1);
    Shape rows = Shape.of(Arrays.copyOf(s.shape().toArray(), s.shape().rank() - 1));
    return Tensor.generate(rows, i -> logSum(KeptRow.of(s, keep, i * width, width)));
  }

  /** {@code sum over kept j of softmax(s)_j v_j}, block by block. */
  Tensor attend(Tensor s, Tensor keep, Tensor v) {
    int width = s.shape().extent(-1);
    int rows = s.shape().extent(-2);
    int channels = v.shape().extent(-1);
    Tensor values = stored.of(v);
    double[] y = new double[s.size() / width * channels];
    for (int i = 0; i < s.size() / width; i++) {
      KeptRow row = KeptRow.of(s, keep, i * width, width);
      if (row.count() > 0) {
        int keys = i / rows * width;
        SoftmaxPart.Values ofKey =
            (e, c) -> values.get((keys + row.places()[e] % width) * channels + c);
        double[] out = part(row, ofKey, channels).out(on);
        System.arraycopy(out, 0, y, i * channels, channels);
      }
    }
    return Tensor.adopt(s.shape().with(-1, channels), y);
  }

  private double logSum(KeptRow row) {
    if (row.count() == 0) {
      return Double.NEGATIVE_INFINITY;
    }
    if (machine.summation().hasBlocks()) {
      return part(row, (_, _) -> 0, 0).logSum(on);
    }
    double[] w = exponentials(row.logits(), 0, row.count(), row.max());
    double sum = machine.summation().sum(w, w.length, machine.block(), on);
    return on.of(row.max() + on.of(StrictMath.log(sum)));
  }

  /** A row of at least one entry, all its blocks together. */
  private SoftmaxPart part(KeptRow row, SoftmaxPart.Values values, int channels) {
    int blocks = (row.count() + machine.block() - 1) / machine.block();
    if (machine.summation() == Summation.TREE) {
      return merged(row, values, channels, 0, blocks);
    }
    SoftmaxPart all = SoftmaxPart.empty(channels);
    for (int b = 0; b < blocks; b++) {
      double max = Math.max(all.max(), row.max(from(b), to(row, b)));
      all = all.carried(block(row, b, max, values, channels), on);
    }
    return all;
  }

  private SoftmaxPart merged(
      KeptRow row, SoftmaxPart.Values values, int channels, int first, int last) {
    if (last - first == 1) {
      double max = row.max(from(first), to(row, first));
      return block(row, first, max, values, channels).closed(on);
    }
    int middle = (first + last + 1) >>> 1;
    return merged(row, values, channels, first, middle)
        .mergedWith(merged(row, values, channels, middle, last), on);
  }

  private int from(int block) {
    return block * machine.block();
  }

  private int to(KeptRow row, int block) {
    return Math.min(from(block) + machine.block(), row.count());
  }

  private SoftmaxPart block(
      KeptRow row, int block, double max, SoftmaxPart.Values values, int channels) {
    int from = from(block);
    double[] w = exponentials(row.logits(), from, to(row, block), max);
    double[] sums = new double[channels];
    double[] terms = new double[w.length];
    for (int c = 0; c < channels; c++) {
      for (int e = 0; e < w.length; e++) {
        terms[e] = on.of(stored.of(w[e]) * values.of(from + e, c));
      }
      sums[c] = Summation.running(terms, 0, w.length, on);
    }
    return new SoftmaxPart(max, Summation.running(w, 0, w.length, on), sums);
  }

  private double[] exponentials(double[] logits, int from, int to, double shift) {
    double[] w = new double[to - from];
    for (int e = from; e < to; e++) {
      w[e - from] = on.of(StrictMath.exp(on.of(logits[e] - shift)));
    }
    return w;
  }
}
