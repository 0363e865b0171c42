package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/** Output and LSE of a tiled problem. */
final class SimdForward {
  private SimdForward() {}

  static Forward run(TiledProblem tiled, Workers workers) {
    AttentionProblem problem = tiled.problem();
    float[] out = new float[problem.outShape().size()];
    float[] lse = new float[problem.lseShape().size()];
    Arrays.fill(lse, Float.NEGATIVE_INFINITY);
    Rows v = tiled.ofKeys(problem.v().floats(), problem.valueDepth());
    ForwardKernel.Shared shared =
        new ForwardKernel.Shared(
            tiled,
            TileTask.ofQueries(tiled),
            tiled.ofQueries(problem.q().floats(), problem.depth()),
            tiled.ofKeys(problem.k().floats(), problem.depth()),
            new Factor(v, tiled.spans()),
            tiled.ofQueries(out, problem.valueDepth()),
            lse);
    workers.run(shared.tasks().size(), () -> new ForwardKernel(shared));
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }
}
