package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What both halves of the backward read, shared by all threads.
 *
 * @param tiled the problem
 * @param q rows of Q
 * @param k rows of K
 * @param v rows of V
 * @param dOut rows of dO
 * @param statistics LSE and delta of every query
 * @param biasGradient takes in dS, or null
 */
record BackwardInputs(
    TiledProblem tiled,
    Rows q,
    Rows k,
    Rows v,
    Rows dOut,
    RowStatistics statistics,
    @Nullable BiasGradient biasGradient) {
  static BackwardInputs of(
      TiledProblem tiled, Forward forward, Tensor dOut, @Nullable Tensor dLse, Workers workers) {
    AttentionProblem problem = tiled.problem();
    return new BackwardInputs(
        tiled,
        Rows.ofQueries(problem, problem.q().floats(), problem.depth()),
        Rows.ofKeys(problem, problem.k().floats(), problem.depth()),
        Rows.ofKeys(problem, problem.v().floats(), problem.valueDepth()),
        Rows.ofQueries(problem, dOut.floats(), problem.valueDepth()),
        RowStatistics.of(problem, forward, dOut, dLse, workers),
        BiasGradient.orNull(problem));
  }

  AttentionProblem problem() {
    return tiled.problem();
  }

  List<Span> spans() {
    return tiled.spans();
  }
}
