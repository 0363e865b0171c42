package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.learned.Lspg.Statistics;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.function.DoubleUnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * How relevant the precise generator finds a column to a row, and what it takes to be selected:
 *
 * <pre>
 * u_ij = w_h (S_ij - mu_i) / (sd_i + 1e-6) + r_h[bucket(i - j)]
 * t_i  = v_h . [1, mu_i, sd_i, max_i, log(1 + n_i), progress]
 * </pre>
 *
 * over the n_i admissible columns of row i.
 *
 * @param u [B, H, R, C]
 * @param t [B, H, R, 1]
 */
record Relevance(Var u, Var t) {
  private static final double GUARD = 1e-6;

  static Relevance of(Lspg lspg, Inputs inputs, ScorePlane plane) {
    Var s = plane.scores();
    Tensor counts = plane.counts();
    Var kept = Ops.constant(s.tape(), map(counts, n -> Math.max(1, n)));
    // Divided, not multiplied by 1/n: equal scores shall have themselves as their mean.
    Var mean = constantIf(lspg, Ops.div(Ops.sum(s, -1), kept));
    Var centred = Ops.select(Ops.sub(s, mean), plane.admissible());
    Var variance = Ops.div(Ops.sum(Ops.mul(centred, centred), -1), kept);
    Var deviation = constantIf(lspg, root(variance));
    Var largest = constantIf(lspg, RowMaximum.of(s, plane.admissible()));
    Var u = Ops.div(centred, Ops.shift(deviation, GUARD));
    Var weight = perHead(inputs, "w_score", plane.shape(), 1);
    if (weight != null) {
      u = Ops.mul(u, Ops.reshape(weight, Shape.of(1, weight.shape().extent(0), 1, 1)));
    }
    Var byDistance = perHead(inputs, "r_distance", plane.shape(), RelativeBuckets.COUNT);
    if (byDistance != null) {
      u = Ops.add(u, spread(byDistance, plane, lspg.causal()));
    }
    Var t = threshold(lspg, inputs, plane, counts, mean, deviation, largest);
    return new Relevance(Ops.select(u, plane.admissible()), t);
  }

  private static Var constantIf(Lspg lspg, Var statistic) {
    return lspg.statistics() == Statistics.DETACHED ? Ops.detach(statistic) : statistic;
  }

  /** A deviation of 0 has no slope: it stays what it is. */
  private static Var root(Var variance) {
    Tensor positive = map(variance.value(), x -> x > 0 ? 1 : 0);
    Var guarded =
        Ops.add(
            Ops.select(variance, positive),
            Ops.constant(variance.tape(), map(positive, x -> 1 - x)));
    return Ops.select(Ops.sqrt(guarded), positive);
  }

  private static Var threshold(
      Lspg lspg,
      Inputs inputs,
      ScorePlane plane,
      Tensor counts,
      Var mean,
      Var deviation,
      Var largest) {
    Var weights = perHead(inputs, "w_threshold", plane.shape(), 6);
    if (weights == null) {
      return Ops.constant(mean.tape(), Tensor.zeros(counts.shape()));
    }
    Var features =
        Ops.concat(
            3,
            Ops.constant(mean.tape(), Tensor.full(counts.shape(), 1)),
            mean,
            deviation,
            largest,
            Ops.constant(mean.tape(), map(counts, n -> StrictMath.log(1 + n))),
            Ops.constant(mean.tape(), Tensor.full(counts.shape(), lspg.progress())));
    Var rows = Ops.reshape(weights, Shape.of(1, weights.shape().extent(0), 1, 6));
    return Ops.sum(Ops.mul(features, rows), -1);
  }

  /** r_h[bucket] of every pair, [B, H, R, C]. */
  private static Var spread(Var byDistance, ScorePlane plane, boolean causal) {
    Shape shape = plane.shape();
    Shape pairs = Shape.of(shape.extent(0), shape.extent(2), shape.extent(3));
    int[] buckets = new int[pairs.size()];
    for (int p = 0; p < buckets.length; p++) {
      int[] x = pairs.index(p);
      buckets[p] = RelativeBuckets.of(plane.distance(x[0], x[1], x[2]), causal);
    }
    Var gathered = Ops.gather(byDistance, 1, buckets);
    Shape heads =
        Shape.of(byDistance.shape().extent(0), pairs.extent(0), pairs.extent(1), pairs.extent(2));
    return Ops.permute(Ops.reshape(gathered, heads), 1, 0, 2, 3);
  }

  /** A parameter with a row of {@code width} numbers for each head or one for all, or null. */
  static @Nullable Var perHead(Inputs inputs, String name, Shape plane, int width) {
    Var given = inputs.find(name);
    if (given == null) {
      return null;
    }
    Shape shape = given.shape();
    int heads = plane.extent(1);
    boolean rows = shape.rank() == (width == 1 ? 1 : 2);
    Require.argument(
        rows
            && (shape.extent(0) == heads || shape.extent(0) == 1)
            && (width == 1 || shape.extent(1) == width),
        "%s has shape %s: a row of %d for each of %d heads is needed, or one for all",
        name,
        shape,
        width,
        heads);
    return given;
  }

  private static Tensor map(Tensor x, DoubleUnaryOperator f) {
    return Tensor.generate(x.shape(), p -> f.applyAsDouble(x.get(p)));
  }
}
