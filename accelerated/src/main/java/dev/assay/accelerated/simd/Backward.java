package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of attention from its output and LSE (Dao, "FlashAttention-2", 2023), in two passes,
 * each of which owns what it writes: {@link QueryKernel} and {@link KeyKernel}. Scores are computed
 * in both; that is the price of having no sums across threads.
 */
final class Backward {
  private Backward() {}

  static Gradients run(
      TiledProblem tiled, Forward forward, Tensor dOut, @Nullable Tensor dLse, Workers workers) {
    AttentionProblem problem = tiled.problem();
    BackwardInputs inputs = BackwardInputs.of(tiled, forward, dOut, dLse, workers);
    Tensor dq = QueryKernel.run(inputs, workers);
    KeyGradient dk = new KeyGradient(problem, problem.k(), tiled.spans());
    KeyGradient dv = new KeyGradient(problem, problem.v(), tiled.spans());
    KeyKernel.run(inputs, dk, dv, workers);
    BiasGradient bias = inputs.biasGradient();
    return Gradients.of(dq, dk.finish(), dv.finish())
        .and("dbias", bias == null ? null : bias.finish());
  }
}
