package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Gradients;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What the backward writes, shared by all threads.
 *
 * @param dq rows of dQ, that of an array of zeros at first
 * @param dk takes in dK
 * @param dv takes in dV
 * @param bias takes in dS, or null
 * @param turns who may add to dQ
 */
record BackwardResults(
    Rows dq, KeyGradient dk, KeyGradient dv, @Nullable BiasGradient bias, Turns turns) {
  static BackwardResults of(TiledProblem tiled) {
    AttentionProblem problem = tiled.problem();
    return new BackwardResults(
        tiled.ofQueries(new float[problem.q().size()], problem.depth()),
        new KeyGradient(problem, problem.k(), tiled.spans()),
        new KeyGradient(problem, problem.v(), tiled.spans()),
        BiasGradient.orNull(problem),
        new Turns(tiled));
  }

  /** The gradients, after all tasks were done. */
  Gradients finish() {
    Tensor q = dq.problem().q();
    return Gradients.of(Tensor.adopt(q.shape(), dq.values()), dk.finish(), dv.finish())
        .and("dbias", bias == null ? null : bias.finish());
  }
}
