package dev.assay.mechanism.hashed;

import dev.assay.check.Require;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;
import java.util.TreeMap;

/**
 * The buckets of tokens by their angles: {@code argmax of [x R ; -x R]} for a random matrix R
 * (Andoni et al., "Practical and optimal LSH for angular distance", 2015); of equals the lowest
 * index. With two hashes the bucket is {@code h0 + buckets h1}, each by its own columns of R.
 *
 * @param of [B, H, rounds, n], -1 behind the lengths
 * @param choices what was drawn and chosen, by name
 * @param margin the least distance of a token from another bucket, in units of x R
 */
record LshBuckets(Tensor of, Map<String, Tensor> choices, double margin) {

  /**
   * How many buckets there are.
   *
   * @param rounds rounds of hashing
   * @param first buckets of the first hash
   * @param second buckets of the second hash, or 0
   */
  record Counts(int rounds, int first, int second) {
    int directions() {
      return (first + second) / 2;
    }

    int all() {
      return first * Math.max(1, second);
    }
  }

  /** Bell-shaped directions [H, d, rounds, (first + second) / 2]. */
  static Tensor draw(int seed, Counts counts, Shape q) {
    Philox generator = new Philox(seed, Case.stream("rotations"), 0);
    Shape shape = Shape.of(q.extent(1), q.extent(3), counts.rounds(), counts.directions());
    return Tensor.generate(shape, p -> Distribution.BELL.value(generator, p, CaseBuilder.UNIT));
  }

  /**
   * By hashing the valid rows of q.
   *
   * @throws IllegalArgumentException if the rotations do not fit, or a token's projection is NaN
   */
  static LshBuckets choose(Tensor q, Counts counts, int[] lengths, Tensor rotations) {
    Shape shape = q.shape();
    Shape given = rotations.shape();
    Require.argument(
        given.rank() == 4
            && given.broadcastsOver(shape.extent(1))
            && given.extent(1) == shape.extent(3)
            && given.extent(2) == counts.rounds()
            && given.extent(3) == counts.directions(),
        "rotations has shape %s: [%d or 1, %d, %d, %d] is needed",
        given,
        shape.extent(1),
        shape.extent(3),
        counts.rounds(),
        counts.directions());
    Nearest nearest = new Nearest(q, rotations);
    Shape rows = rows(shape, counts.rounds());
    Tensor buckets =
        Tensor.generate(
            rows,
            p -> {
              int[] at = rows.index(p);
              if (at[3] >= lengths[at[0]]) {
                return -1;
              }
              int first = nearest.bucket(at, 0, counts.first() / 2);
              int second =
                  counts.second() == 0
                      ? 0
                      : nearest.bucket(at, counts.first() / 2, counts.directions());
              return first + (double) counts.first() * second;
            });
    return new LshBuckets(
        buckets, new TreeMap<>(Map.of("rotations", rotations, "buckets", buckets)), nearest.margin);
  }

  private static Shape rows(Shape q, int rounds) {
    return Shape.of(q.extent(0), q.extent(1), rounds, q.extent(2));
  }

  /**
   * As given.
   *
   * @throws IllegalArgumentException if there are other buckets than those counted
   */
  static LshBuckets given(Tensor buckets, Counts counts, Shape q, int[] lengths) {
    Shape rows = rows(q, counts.rounds());
    Require.argument(
        buckets.shape().equals(rows), "buckets has shape %s: %s is needed", buckets.shape(), rows);
    for (int p = 0; p < buckets.size(); p++) {
      double bucket = buckets.get(p);
      int[] at = rows.index(p);
      Require.argument(
          at[3] >= lengths[at[0]]
              || (bucket == Math.rint(bucket) && bucket >= 0 && bucket < counts.all()),
          "buckets holds %s: whole numbers in 0..%d are needed",
          bucket,
          counts.all() - 1);
    }
    Tensor valid =
        Tensor.generate(
            rows, p -> rows.index(p)[3] < lengths[rows.index(p)[0]] ? buckets.get(p) : -1);
    return new LshBuckets(valid, Map.of("buckets", valid), Double.POSITIVE_INFINITY);
  }

  /** The direction that a token is nearest to, and how near it was to another. */
  private static final class Nearest {
    private final Tensor q;
    private final Tensor rotations;
    private double margin = Double.POSITIVE_INFINITY;

    Nearest(Tensor q, Tensor rotations) {
      this.q = q;
      this.rotations = rotations;
    }

    /** The bucket by some columns of R; {@code at} is (b, h, round, token). */
    int bucket(int[] at, int from, int to) {
      int width = to - from;
      int best = 0;
      double[] along = new double[2 * width];
      for (int column = 0; column < width; column++) {
        along[column] = projection(at, from + column);
        along[width + column] = -along[column];
        Require.argument(
            !Double.isNaN(along[column]),
            "token %d of head %d in batch entry %d is hashed by NaN: q needs numbers, or given"
                + " buckets",
            at[3],
            at[1],
            at[0]);
      }
      for (int column = 1; column < along.length; column++) {
        best = along[column] > along[best] ? column : best;
      }
      for (int column = 0; column < along.length; column++) {
        if (column != best) {
          margin = Math.min(margin, along[best] - along[column]);
        }
      }
      return best;
    }

    private double projection(int[] at, int column) {
      Shape shape = q.shape();
      Shape turned = rotations.shape();
      int depth = shape.extent(3);
      int row = ((at[0] * shape.extent(1) + at[1]) * shape.extent(2) + at[3]) * depth;
      int stride = turned.extent(2) * turned.extent(3);
      int head = turned.extent(0) == 1 ? 0 : at[1];
      int from = head * depth * stride + at[2] * turned.extent(3) + column;
      double sum = 0;
      for (int c = 0; c < depth; c++) {
        sum += q.get(row + c) * rotations.get(from + c * stride);
      }
      return sum;
    }
  }
}
