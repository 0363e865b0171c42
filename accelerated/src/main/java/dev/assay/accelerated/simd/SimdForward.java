package dev.assay.accelerated.simd;

import dev.assay.accelerated.simd.DecodeKernel.Segment;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Output and LSE of a tiled problem: spans of few queries in one way, the others in another. */
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
            TileTask.ofQueries(tiled, workers.threads()),
            tiled.ofQueries(problem.q().floats(), problem.depth()),
            tiled.ofKeys(problem.k().floats(), problem.depth()),
            new Factor(v, tiled.spans()),
            tiled.ofQueries(out, problem.valueDepth()),
            lse);
    workers.run(shared.tasks().size(), () -> new ForwardKernel(shared));
    List<DecodeSpan> few = DecodeSpan.of(tiled);
    if (!few.isEmpty()) {
      decode(tiled, few, workers).join(out, lse, workers);
    }
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }

  private static PartialRows decode(TiledProblem tiled, List<DecodeSpan> few, Workers workers) {
    List<Segment> segments = DecodeKernel.segments(few, tiled.problem().kvHeads());
    PartialRows partial = new PartialRows(tiled.problem(), few);
    workers.run(segments.size(), () -> new DecodeKernel(tiled, few, segments, partial));
    return partial;
  }
}
