package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Gradients;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Gradients over a list of keys for each query, in two passes, each of which owns what it writes.
 * Pairs are scattered, so there is nothing to be gained from adding to dQ in turns.
 */
final class GatherBackward {
  private GatherBackward() {}

  /** What all threads share. */
  record Shared(
      AttentionProblem problem,
      PairLists lists,
      RowStatistics statistics,
      float[] dOut,
      float[] dq,
      KeyGradient dk,
      KeyGradient dv,
      @Nullable BiasGradient bias) {}

  static Gradients run(
      AttentionProblem problem,
      GatherPlan plan,
      Forward forward,
      Tensor dOut,
      @Nullable Tensor dLse,
      Workers workers) {
    List<Span> spans = Span.of(problem);
    BiasGradient bias = BiasGradient.orNull(problem);
    Shared shared =
        new Shared(
            problem,
            PairLists.of(problem, plan),
            RowStatistics.of(problem, forward, dOut, dLse, workers),
            dOut.floats(),
            new float[problem.q().size()],
            new KeyGradient(problem, problem.k(), spans),
            new KeyGradient(problem, problem.v(), spans),
            bias);
    workers.run(Tile.count(problem.queries()), () -> new GatherQueryKernel(shared));
    List<TileTask> tasks = keyTasks(spans, problem.kvHeads());
    KeyLists byKey = KeyLists.of(problem, shared.lists());
    workers.run(tasks.size(), () -> new GatherKeyKernel(shared, byKey, tasks));
    return Gradients.of(
            Tensor.adopt(problem.q().shape(), shared.dq()),
            shared.dk().finish(),
            shared.dv().finish())
        .and("dbias", bias == null ? null : bias.finish());
  }

  private static List<TileTask> keyTasks(List<Span> spans, int keyHeads) {
    List<TileTask> tasks = new ArrayList<>();
    for (Span span : spans) {
      for (int keyHead = 0; keyHead < keyHeads; keyHead++) {
        for (int tile = 0; tile < span.keyTiles(); tile++) {
          tasks.add(new TileTask(span, keyHead, tile, 1));
        }
      }
    }
    return tasks;
  }
}
