package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * dS summed over the axes along which the bias is broadcast, in an order that does not depend on
 * threads.
 *
 * <ul>
 *   <li>A bias with a number for each pair is added to in place; who shares a batch or head axis is
 *       run one after the other by one thread (see {@link Backward}).
 *   <li>A bias without a key axis gets the sums over each query's keys, taken by the owner of the
 *       query; a bias without a query axis those over each key's queries, taken by the owner of the
 *       key. They are added up at the end, in order of batch entry, head and row.
 * </ul>
 */
final class BiasGradient {
  private enum Kind {
    PAIRS,
    BY_QUERY,
    BY_KEY
  }

  private final AttentionProblem problem;
  private final PairTensor bias;
  private final Shape shape;
  private final Kind kind;
  private final float[] gradient;
  private final double[] sums;

  private BiasGradient(AttentionProblem problem, Tensor bias) {
    this.problem = problem;
    this.bias = PairTensor.of(bias);
    this.shape = bias.shape();
    this.kind =
        shape.extent(3) == 1 ? Kind.BY_QUERY : shape.extent(2) == 1 ? Kind.BY_KEY : Kind.PAIRS;
    this.gradient = new float[shape.size()];
    this.sums =
        switch (kind) {
          case PAIRS -> new double[0];
          case BY_QUERY -> new double[problem.lseShape().size()];
          case BY_KEY ->
              new double[Shape.of(problem.batches(), problem.heads(), problem.keys()).size()];
        };
  }

  static @Nullable BiasGradient orNull(AttentionProblem problem) {
    Tensor bias = problem.bias();
    return bias == null ? null : new BiasGradient(problem, bias);
  }

  /** Whether all heads add to the same numbers, so that one thread must run them in order. */
  boolean sharesHeads() {
    return kind == Kind.PAIRS && bias.headStride() == 0 && problem.heads() > 1;
  }

  /**
   * Whether all batch entries add to the same numbers, so that one thread must run them in order.
   */
  boolean sharesBatches() {
    return kind == Kind.PAIRS && bias.batchStride() == 0 && problem.batches() > 1;
  }

  /**
   * Takes in dS of a pair of tiles, a row for each query; who adds to the sums of a query does so
   * when it is its turn.
   */
  void take(Matrix ds, Place place) {
    switch (kind) {
      case PAIRS -> addPairs(ds, place);
      case BY_QUERY -> addByQuery(ds, place);
      case BY_KEY -> addByKey(ds, place);
    }
  }

  private void addPairs(Matrix ds, Place place) {
    for (int r = 0; r < place.queries(); r++) {
      int at = bias.position(place, r, 0);
      for (int c = 0; c < place.keys(); c++) {
        gradient[at + c] += ds.values()[ds.row(r) + c];
      }
    }
  }

  private void addByQuery(Matrix ds, Place place) {
    int first = problem.queryRow(place.batch(), place.head(), place.firstQuery());
    for (int r = 0; r < place.queries(); r++) {
      double sum = 0;
      for (int c = 0; c < place.keys(); c++) {
        sum += ds.values()[ds.row(r) + c];
      }
      sums[first + r] += sum;
    }
  }

  private void addByKey(Matrix ds, Place place) {
    int first =
        (place.batch() * problem.heads() + place.head()) * problem.keys() + place.firstKey();
    for (int c = 0; c < place.keys(); c++) {
      double sum = 0;
      for (int r = 0; r < place.queries(); r++) {
        sum += ds.values()[ds.row(r) + c];
      }
      sums[first + c] += sum;
    }
  }

  /**
   * Takes in dS of a chunk of pairs.
   *
   * @param byKey whether the caller owns keys, not queries: it adds to a bias without a query axis,
   *     the owner of queries to all others
   */
  void take(float[] ds, PairChunk chunk, boolean byKey) {
    if (byKey != (kind == Kind.BY_KEY)) {
      return;
    }
    for (int e = 0; e < chunk.count(); e++) {
      switch (kind) {
        case PAIRS -> gradient[chunk.biasAt(e)] += ds[e];
        case BY_QUERY -> sums[chunk.queryRow(e)] += ds[e];
        case BY_KEY -> sums[chunk.headKey(e)] += ds[e];
      }
    }
  }

  /** The gradient, after all tiles were taken in. */
  Tensor finish() {
    if (kind == Kind.PAIRS) {
      return Tensor.adopt(shape, gradient);
    }
    double[] total = new double[gradient.length];
    int rows = kind == Kind.BY_QUERY ? problem.queries() : problem.keys();
    int stride = kind == Kind.BY_QUERY ? bias.queryStride() : bias.keyStride();
    for (int at = 0; at < sums.length; at++) {
      int h = at / rows % problem.heads();
      int b = at / rows / problem.heads();
      total[b * bias.batchStride() + h * bias.headStride() + at % rows * stride] += sums[at];
    }
    for (int at = 0; at < total.length; at++) {
      gradient[at] = (float) total[at];
    }
    return Tensor.adopt(shape, gradient);
  }
}
