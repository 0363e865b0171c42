package dev.assay.mechanism.hashed;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import org.jspecify.annotations.Nullable;

/**
 * Learned keys and values that all queries of a cluster meet; behind the keys of the sequence stand
 * those of cluster 0, then of cluster 1, and so on.
 *
 * @param keys [H, C, M, d], or null
 * @param values [H, C, M, d_v], or null
 * @param size M, 0 without any
 */
record ClusterMemory(@Nullable Var keys, @Nullable Var values, int size) {
  static ClusterMemory of(Inputs inputs, AttentionProblem problem, int clusters) {
    Var keys = inputs.find("mem_k");
    Var values = inputs.find("mem_v");
    Require.argument(
        (keys == null) == (values == null), "mem_k and mem_v belong together: give both or none");
    if (keys == null || values == null) {
      return new ClusterMemory(null, null, 0);
    }
    Shape shape = keys.shape();
    Require.argument(
        shape.rank() == 4
            && shape.extent(0) == problem.heads()
            && shape.extent(1) == clusters
            && shape.extent(3) == problem.depth()
            && values.shape().equals(shape.with(3, problem.valueDepth())),
        "mem_k and mem_v have shapes %s and %s: [%d, %d, M, %d] and [%d, %d, M, %d] are needed",
        shape,
        values.shape(),
        problem.heads(),
        clusters,
        problem.depth(),
        problem.heads(),
        clusters,
        problem.valueDepth());
    return new ClusterMemory(keys, values, shape.extent(2));
  }

  /** Keys or values of the sequence [B, H, n_k, d] with the memory of all clusters behind them. */
  static Var behind(Var sequence, @Nullable Var memory) {
    if (memory == null) {
      return sequence;
    }
    Shape shape = memory.shape();
    Shape flat = Shape.of(1, shape.extent(0), shape.extent(1) * shape.extent(2), shape.extent(3));
    Var all = Ops.broadcast(Ops.reshape(memory, flat), flat.with(0, sequence.shape().extent(0)));
    return Ops.concat(2, sequence, all);
  }
}
