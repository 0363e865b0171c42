package dev.assay.accelerated.simd;

import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of attention from its output and LSE (Dao, "FlashAttention-2", 2023) in one pass over
 * the tiles of keys: see {@link BackwardKernel}.
 */
final class Backward {
  private Backward() {}

  static Gradients run(
      TiledProblem tiled, Forward forward, Tensor dOut, @Nullable Tensor dLse, Workers workers) {
    BackwardInputs inputs = BackwardInputs.of(tiled, forward, dOut, dLse, workers);
    BackwardResults results = BackwardResults.of(tiled);
    List<List<TileTask>> tasks = tasks(tiled, results.bias(), workers.threads());
    workers.run(tasks.size(), () -> new BackwardKernel(inputs, results, tasks));
    return results.finish();
  }

  /**
   * A task is a list of tiles of keys: one, or all that add to the same numbers of the bias, in
   * order of batch entry and head.
   */
  private static List<List<TileTask>> tasks(
      TiledProblem tiled, @Nullable BiasGradient bias, int threads) {
    boolean sharedHeads = bias != null && bias.sharesHeads();
    boolean sharedBatches = bias != null && bias.sharesBatches();
    if (!sharedHeads && !sharedBatches) {
      return TileTask.ofKeys(tiled, threads).stream().map(List::of).toList();
    }
    Function<TileTask, List<Integer>> owner =
        task ->
            List.of(
                task.tile(),
                sharedBatches ? 0 : task.span().index(),
                sharedHeads ? 0 : task.head());
    return List.copyOf(
        TileTask.ofKeys(tiled, threads).stream()
            .collect(Collectors.groupingBy(owner, LinkedHashMap::new, Collectors.toList()))
            .values());
  }
}
