package dev.assay.mechanism.pruned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.pruned.Lam.Reading;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import java.util.function.IntUnaryOperator;

/** The mask M of a {@link Lam}, less 1. Tokens behind a length are not read. */
final class SoftMask {
  private final Inputs inputs;
  private final AttentionProblem problem;

  SoftMask(Inputs inputs, AttentionProblem problem) {
    this.inputs = inputs;
    this.problem = problem;
  }

  /** {@code M - 1}, [B, 1 or H, n_q, n_k]. */
  Var excess(Reading reading) {
    return reading == Reading.LITERAL ? fixedWidth() : lowRank();
  }

  /** {@code a tanh(u_i . w_j / sqrt(r))}. */
  private Var lowRank() {
    Var x = tokens("x", problem.queries(), problem::queryLength);
    // Without tokens of their own the keys are those of the queries, which must be as many.
    String ofKeys = inputs.has("x_k") ? "x_k" : "x";
    Var other = tokens(ofKeys, problem.keys(), problem::keyLength);
    Var u = network(x, "u");
    Var w = network(other, "k");
    int rank = u.shape().extent(2);
    Require.argument(
        w.shape().extent(2) == rank,
        "w_u2 gives %d numbers and w_k2 gives %d: their product needs as many",
        rank,
        w.shape().extent(2));
    Var products = Ops.scale(Ops.matMul(u, Ops.transpose(w)), 1 / Math.sqrt(rank));
    Shape shape = Shape.of(problem.batches(), 1, problem.queries(), problem.keys());
    Var amplitude = inputs.var("amplitude");
    int heads = amplitude.shape().size();
    Require.argument(
        amplitude.shape().rank() == 1 && (heads == 1 || heads == problem.heads()),
        "amplitude has shape %s: [1] or [%d] is needed",
        amplitude.shape(),
        problem.heads());
    Var factor = Ops.reshape(amplitude, Shape.of(1, heads, 1, 1));
    return Ops.mul(factor, Ops.reshape(Ops.tanh(products), shape));
  }

  private Var fixedWidth() {
    Require.argument(
        !inputs.has("x_k"), "x_k was given: a literal mask is made from the queries' tokens alone");
    Var rows = network(tokens("x", problem.queries(), problem::queryLength), "m");
    int width = rows.shape().extent(2);
    Require.argument(
        problem.keys() <= width,
        "%d keys came to a mask of width %d: a literal mask ends at the rows of w_m2",
        problem.keys(),
        width);
    Var cut = Ops.slice(rows, 2, 0, problem.keys());
    Shape shape = Shape.of(problem.batches(), 1, problem.queries(), problem.keys());
    return Ops.shift(Ops.reshape(cut, shape), -1);
  }

  private Var tokens(String name, int count, IntUnaryOperator length) {
    Var x = inputs.var(name);
    Shape shape = x.shape();
    Require.argument(
        shape.rank() == 3 && shape.extent(0) == problem.batches() && shape.extent(1) == count,
        "%s has shape %s: [%d, %d, D] is needed",
        name,
        shape,
        problem.batches(),
        count);
    return Ops.select(x, KeepMask.where(shape, at -> at[1] < length.applyAsInt(at[0])));
  }

  /** {@code W_2 max(W_1 x + b_1, 0) + b_2}. */
  private Var network(Var x, String which) {
    return layer(Composed.relu(layer(x, which + "1")), which + "2");
  }

  private Var layer(Var x, String which) {
    Var weight = inputs.var("w_" + which);
    int in = x.shape().extent(2);
    Require.argument(
        weight.shape().rank() == 2 && weight.shape().extent(1) == in,
        "w_%s has shape %s: [any, %d] is needed",
        which,
        weight.shape(),
        in);
    Var rows = Ops.reshape(x, Shape.of(x.shape().extent(0) * x.shape().extent(1), in));
    Var y = Ops.matMul(rows, Ops.transpose(weight));
    Var bias = inputs.find("b_" + which);
    Var shifted = bias == null ? y : Ops.add(y, bias);
    return Ops.reshape(shifted, x.shape().with(2, weight.shape().extent(0)));
  }
}
