package dev.assay.gradcheck.mutant;

import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.tensor.DType;
import java.util.Locale;
import java.util.concurrent.ForkJoinPool;
import java.util.function.IntConsumer;
import java.util.function.IntToDoubleFunction;
import java.util.stream.IntStream;

/**
 * What a right kernel is free to choose.
 *
 * @param precision its class: probabilities, score gradients and results are rounded to its storage
 * @param block keys in a tile
 * @param order in which sums are made and tiles are taken
 * @param splits parts into which the tiles of a row are split
 * @param threads how many work at once; results do not depend on it
 * @param byLse whether parts are normalised before they are joined, and not only divided by the
 *     row's sum at last
 */
record Form(
    PrecisionClass precision, int block, Order order, int splits, int threads, boolean byLse) {
  /** The form of most mutants. */
  static final Form USUAL = new Form(PrecisionClass.F32_FLASH, 16, Order.ASCENDING, 1, 1);

  /** Orders of summation. */
  enum Order {
    ASCENDING,
    DESCENDING,
    PAIRWISE,
    /**
     * As matrix units do it: 16 products at a time are added, here in binary64, and the sum so far
     * and theirs is cut off, not rounded, to fp32 (Fasi, Higham, Mikaitis and Pranesh, "Numerical
     * behavior of NVIDIA tensor cores", 2021). Real ones lose some more bits of small products.
     */
    MATRIX_UNITS
  }

  /** Products that matrix units take at a time. */
  private static final int STEP = 16;

  /** One that joins maxima and sums. */
  Form(PrecisionClass precision, int block, Order order, int splits, int threads) {
    this(precision, block, order, splits, threads, false);
  }

  Form in(PrecisionClass other) {
    return new Form(other, block, order, splits, threads, byLse);
  }

  Form splits(int count) {
    return new Form(precision, block, order, count, threads, byLse);
  }

  Form threads(int count) {
    return new Form(precision, block, order, splits, count, byLse);
  }

  /** The same whose parts are joined by their LSEs. */
  Form joinedByLse() {
    return new Form(precision, block, order, splits, threads, true);
  }

  /** What a kernel of this form has to declare. */
  Declared declared() {
    return new Declared(false, byLse);
  }

  DType storage() {
    return precision.storage();
  }

  /** a . b, each product and sum rounded to fp32, or a sum for every 16 products. */
  float dot(float[] a, int aAt, float[] b, int bAt, int n) {
    if (order == Order.MATRIX_UNITS) {
      return cutOff(n, c -> (double) a[aAt + c] * b[bAt + c]);
    }
    if (order == Order.PAIRWISE && n > 2) {
      int half = n >>> 1;
      return dot(a, aAt, b, bAt, half) + dot(a, aAt + half, b, bAt + half, n - half);
    }
    float sum = 0;
    for (int c = 0; c < n; c++) {
      int at = order == Order.DESCENDING ? n - 1 - c : c;
      sum += a[aAt + at] * b[bAt + at];
    }
    return sum;
  }

  /** The sum of the terms, each addition rounded to fp32, or one for every 16 terms. */
  float sum(float[] terms) {
    if (order == Order.MATRIX_UNITS) {
      return cutOff(terms.length, t -> terms[t]);
    }
    return sum(terms, 0, terms.length);
  }

  private static float cutOff(int n, IntToDoubleFunction term) {
    float sum = 0;
    for (int from = 0; from < n; from += STEP) {
      double exact = sum;
      for (int t = from; t < Math.min(n, from + STEP); t++) {
        exact += term.applyAsDouble(t);
      }
      sum = (float) exact;
      if (Math.abs(sum) > Math.abs(exact) && !Float.isInfinite(sum)) {
        sum = Math.nextAfter(sum, 0);
      }
    }
    return sum;
  }

  private float sum(float[] terms, int from, int to) {
    if (order == Order.PAIRWISE && to - from > 2) {
      int half = (from + to) >>> 1;
      return sum(terms, from, half) + sum(terms, half, to);
    }
    float sum = 0;
    for (int t = from; t < to; t++) {
      sum += terms[order == Order.DESCENDING ? from + to - 1 - t : t];
    }
    return sum;
  }

  /** Does the tasks, each of which writes to its own places. */
  void each(int tasks, IntConsumer task) {
    if (threads == 1) {
      for (int t = 0; t < tasks; t++) {
        task.accept(t);
      }
      return;
    }
    try (ForkJoinPool pool = new ForkJoinPool(threads)) {
      pool.submit(() -> IntStream.range(0, tasks).parallel().forEach(task)).join();
    }
  }

  String name() {
    return "plain %s, tiles of %d, %s, %d %s%s, %d %s"
        .formatted(
            precision.id(),
            block,
            order.name().toLowerCase(Locale.ROOT).replace('_', ' '),
            splits,
            splits == 1 ? "split" : "splits",
            byLse ? " joined by LSE" : "",
            threads,
            threads == 1 ? "thread" : "threads");
  }
}
