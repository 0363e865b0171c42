package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.learned.Cao.Features;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/**
 * What the network of a {@link Cao} sees of a pair: {@code [log(A_ij + 1e-6), max_j A_i., H_i / log
 * n_i, c_ij, log(1 + |i - j|), 1[|i - j| >= local]]}. H_i is the entropy of row i over its n_i
 * pairs, 0 if there is but one; c_ij is the attention that key j received, its mean over the rows,
 * with causality over those up to i.
 */
record PairFeatures(Refinement refinement, Weights weights) {
  static final int COUNT = 6;
  private static final double GUARD = 1e-6;

  /** The six features, each [B, H, n_q, n_k]. */
  List<Var> all() {
    Var a = weights.matrix();
    Shape shape = a.shape();
    AttentionProblem problem = refinement.problem();
    int local = refinement.cao().local();
    return List.of(
        Ops.log(Ops.shift(a, GUARD)),
        Ops.broadcast(ofRow(RowMaximum.of(a, weights.support())), shape),
        Ops.broadcast(ofRow(entropy()), shape),
        ofRow(received()),
        constant(shape, x -> StrictMath.log(1.0 + apart(problem, x))),
        constant(shape, x -> apart(problem, x) >= local ? 1 : 0));
  }

  private interface OfPair {
    double of(int[] at);
  }

  private Var constant(Shape shape, OfPair number) {
    return Ops.constant(
        weights.matrix().tape(), Tensor.generate(shape, p -> number.of(shape.index(p))));
  }

  private static int apart(AttentionProblem problem, int[] x) {
    return Math.abs(x[2] + problem.offset(x[0]) - x[3]);
  }

  private Var ofRow(Var feature) {
    return refinement.cao().features() == Features.DETACHED ? Ops.detach(feature) : feature;
  }

  /** {@code -sum_j A_ij log A_ij / log n_i}, [B, H, n_q, 1]. */
  private Var entropy() {
    Var a = weights.matrix();
    Tensor positive = Tensor.generate(a.shape(), p -> a.value().get(p) > 0 ? 1 : 0);
    Tensor rest = Tensor.generate(a.shape(), p -> 1 - positive.get(p));
    Var guarded = Ops.add(Ops.select(a, positive), Ops.constant(a.tape(), rest));
    Var sum = Ops.sum(Ops.mul(guarded, Ops.log(guarded)), -1);
    return Ops.mul(sum, constant(sum.shape(), x -> -perLogCount(x)));
  }

  private double perLogCount(int[] row) {
    int count = 0;
    for (int j = 0; j < weights.support().shape().extent(3); j++) {
      count += weights.support().at(row[0], row[1], row[2], j) != 0 ? 1 : 0;
    }
    return count > 1 ? 1 / StrictMath.log(count) : 0;
  }

  /** c: the mean of the rows, or of those up to each. */
  private Var received() {
    Var a = weights.matrix();
    AttentionProblem problem = refinement.problem();
    Inputs inputs = refinement.inputs();
    int[] before = before(inputs, problem);
    Shape rows = a.shape().with(3, problem.queries());
    Tensor keep = KeepMask.where(rows, x -> counts(problem, x));
    Tensor share = Tensor.generate(rows, p -> keep.get(p) / seen(problem, before, rows.index(p)));
    Var c = Ops.spmm(Ops.constant(a.tape(), share), a, keep);
    Var earlier = inputs.find("received");
    if (earlier == null) {
      return c;
    }
    Shape columns = a.shape().with(2, 1);
    Require.argument(
        earlier.shape().size() == columns.size() && earlier.shape().rank() == 3,
        "received has shape %s: [%d, %d, %d] is needed",
        earlier.shape(),
        columns.extent(0),
        columns.extent(1),
        columns.extent(3));
    Var part = constant(a.shape().with(3, 1), x -> 1 / seen(problem, before, x));
    // Behind a length there may be anything.
    Tensor valid = KeepMask.where(columns, x -> x[3] < problem.keyLength(x[0]));
    return Ops.add(c, Ops.mul(Ops.select(Ops.reshape(earlier, columns), valid), part));
  }

  private static int[] before(Inputs inputs, AttentionProblem problem) {
    int[] given = inputs.integers("rows_before");
    Require.argument(
        (given == null) != inputs.has("received"),
        "received and rows_before belong together: give both or none");
    Require.argument(
        given == null || given.length == problem.batches(),
        "rows_before has %d numbers for %d batch entries",
        given == null ? 0 : given.length,
        problem.batches());
    return given == null ? new int[problem.batches()] : Arrays.copyOf(given, given.length);
  }

  /** Whether row x[3] is among those that row x[2] takes its mean over. */
  private boolean counts(AttentionProblem problem, int[] x) {
    return x[3] < problem.queryLength(x[0]) && (!problem.causal() || x[3] <= x[2]);
  }

  /** How many rows the mean is over; 1 where it is over none. */
  private static double seen(AttentionProblem problem, int[] before, int[] x) {
    int rows = problem.queryLength(x[0]);
    return Math.max(1, before[x[0]] + (problem.causal() ? Math.min(x[2] + 1, rows) : rows));
  }
}
