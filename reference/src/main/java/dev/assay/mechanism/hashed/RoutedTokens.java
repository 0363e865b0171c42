package dev.assay.mechanism.hashed;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Given;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.hashed.RoutingTransformer.Norm;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * The queries and keys of a {@link RoutingTransformer} as they are routed and as they attend.
 *
 * @param inputs q, and k unless queries are keys
 * @param problem lengths and offsets, without memories
 * @param norm which form
 */
record RoutedTokens(Inputs inputs, AttentionProblem problem, Norm norm) {
  static RoutedTokens of(Inputs inputs, Norm norm) {
    Var q = inputs.var("q");
    Var k = inputs.has("k") ? inputs.var("k") : q;
    AttentionProblem bare = Given.problem(inputs, q, k, inputs.var("v")).build();
    Require.argument(
        bare.heads() == bare.kvHeads(),
        "%d query heads and %d key heads route by one set of centroids: they must agree",
        bare.heads(),
        bare.kvHeads());
    for (int b = 0; b < bare.batches() && !inputs.has("k"); b++) {
      Require.argument(
          bare.queryLength(b) == bare.keyLength(b),
          "q_lens[%d] is %d and k_lens[%d] is %d: without k they must agree",
          b,
          bare.queryLength(b),
          b,
          bare.keyLength(b));
    }
    return new RoutedTokens(inputs, bare, norm);
  }

  /** Whether queries are keys. */
  boolean shared() {
    return !inputs.has("k");
  }

  /** The factor of q . k. */
  double scale() {
    return norm == Norm.LAYER_NORM ? 1 : 1 / Math.sqrt(problem.depth());
  }

  /** As they attend. */
  Var queries() {
    return norm == Norm.LAYER_NORM ? layerNorm(valid("q")) : inputs.var("q");
  }

  /** As they are attended to. */
  Var keys() {
    Var given = valid(shared() ? "q" : "k");
    if (norm == Norm.LAYER_NORM) {
      return layerNorm(given);
    }
    return shared() ? UnitLength.of(given, 1e-12) : given;
  }

  /** q or k as it is compared with centroids; zeros behind the lengths. */
  Var routed(String name) {
    Var x = valid(name);
    return norm == Norm.LAYER_NORM ? layerNorm(x) : UnitLength.of(x, 1e-12);
  }

  /** Both one behind the other, [B, H, n_q (+ n_k), d]. */
  Var routed() {
    return shared() ? routed("q") : Ops.concat(2, routed("q"), routed("k"));
  }

  /** {@code mean of (x - nearest centroid)^2} over the valid among {@link #routed()}, [1]. */
  Var commitment(Tensor means) {
    Var x = routed();
    Var apart = Ops.sub(x, Ops.constant(x.tape(), Centroids.nearest(x.value(), means)));
    int queries = problem.queries();
    Tensor weights =
        KeepMask.where(
            x.shape(),
            at ->
                at[2] < queries
                    ? at[2] < problem.queryLength(at[0])
                    : at[2] - queries < problem.keyLength(at[0]));
    double count = Arrays.stream(weights.toDoubles()).sum();
    Var squares = Ops.select(Ops.mul(apart, apart), weights);
    Var all = Ops.reshape(squares, Shape.of(squares.shape().size()));
    return Ops.scale(Ops.sum(all, 0), 1 / Math.max(1, count));
  }

  /** Zeros behind the lengths: what lies there must reach no norm. */
  private Var valid(String name) {
    Var x = inputs.var(name);
    return Ops.select(
        x,
        KeepMask.where(
            x.shape(),
            at ->
                at[2]
                    < (name.equals("q") ? problem.queryLength(at[0]) : problem.keyLength(at[0]))));
  }

  private static Var layerNorm(Var x) {
    return Composed.rmsNorm(Ops.sub(x, Composed.mean(x, -1)), 1e-6);
  }
}
