package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What the backward reads, shared by all threads.
 *
 * @param tiled the problem
 * @param q Q, a factor of S and of dK
 * @param k K, a factor of S and of dQ
 * @param v rows of V
 * @param dOut dO, a factor of dP and of dV
 * @param statistics LSE and delta of every query
 */
record BackwardInputs(
    TiledProblem tiled, Factor q, Factor k, Rows v, Factor dOut, RowStatistics statistics) {
  static BackwardInputs of(
      TiledProblem tiled, Forward forward, Tensor dOut, @Nullable Tensor dLse, Workers workers) {
    AttentionProblem problem = tiled.problem();
    List<Span> spans = tiled.spans();
    return new BackwardInputs(
        tiled,
        new Factor(tiled.ofQueries(problem.q().floats(), problem.depth()), spans),
        new Factor(tiled.ofKeys(problem.k().floats(), problem.depth()), spans),
        tiled.ofKeys(problem.v().floats(), problem.valueDepth()),
        new Factor(tiled.ofQueries(dOut.floats(), problem.valueDepth()), spans),
        RowStatistics.of(problem, forward, dOut, dLse, workers));
  }
}
