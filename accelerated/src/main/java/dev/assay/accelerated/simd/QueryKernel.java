package dev.assay.accelerated.simd;

import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.function.Function;
import java.util.function.IntConsumer;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;

/**
 * The half of the backward that belongs to queries: for a tile of queries, over its tiles of keys
 * in ascending order,
 *
 * <pre>
 * S = Q K^T      dP = dO V^T      dS = P (dP - delta)      dQ += scale dS K
 * </pre>
 *
 * <p>and dS itself is the gradient of the bias. Scores are recomputed; nothing of size n x n is
 * kept. An object is the scratch memory of one thread.
 */
final class QueryKernel implements IntConsumer {
  /** What all threads share. */
  private record Shared(
      BackwardInputs inputs,
      List<List<TileTask>> tasks,
      Panels keysAcross,
      Panels valuesAcross,
      Panels keys,
      Rows dq) {}

  private final Shared shared;
  private final BackwardInputs inputs;
  private final AttentionProblem problem;
  private final LogitTile logitTile;
  private final KeepBits keepBits;
  private final @Nullable Dropout dropout;
  private final @Nullable Tile slopes;
  private final Tile queries;
  private final Tile dOut;
  private final Tile s = Tile.ofPairs();
  private final Tile ds = Tile.ofPairs();
  private final Tile kept = Tile.ofPairs();
  private final Tile dq;

  private QueryKernel(Shared shared) {
    this.shared = shared;
    this.inputs = shared.inputs();
    this.problem = inputs.problem();
    this.logitTile = new LogitTile(problem);
    this.keepBits = inputs.tiled().keepBits();
    this.dropout = Dropout.orNull(problem);
    this.slopes = logitTile.hasSlopes() ? Tile.ofPairs() : null;
    this.queries = Tile.of(problem.depth());
    this.dOut = Tile.of(problem.valueDepth());
    this.dq = Tile.of(problem.depth());
  }

  /** The gradient of Q; that of the bias goes where the inputs say. */
  static Tensor run(BackwardInputs inputs, Workers workers) {
    AttentionProblem problem = inputs.problem();
    List<Span> spans = inputs.spans();
    float[] dq = new float[problem.q().size()];
    Shared shared =
        new Shared(
            inputs,
            tasks(inputs),
            Panels.transposed(inputs.k(), 1, spans, workers),
            Panels.transposed(inputs.v(), 1, spans, workers),
            Panels.rows(inputs.k(), spans, workers),
            Rows.ofQueries(problem, dq, problem.depth()));
    workers.run(shared.tasks().size(), () -> new QueryKernel(shared));
    return Tensor.adopt(problem.q().shape(), dq);
  }

  /**
   * A task is a list of tiles: one, or all that add to the same numbers of the bias, in order of
   * batch entry and head.
   */
  private static List<List<TileTask>> tasks(BackwardInputs inputs) {
    BiasGradient bias = inputs.biasGradient();
    boolean sharedHeads = bias != null && bias.sharesHeads();
    boolean sharedBatches = bias != null && bias.sharesBatches();
    Function<TileTask, List<Integer>> owner =
        task ->
            List.of(
                task.tile(),
                sharedBatches ? 0 : task.span().index(),
                sharedHeads ? 0 : task.head());
    return List.copyOf(
        TileTask.lastFirst(inputs.spans(), inputs.problem().heads(), Span::queryTiles).stream()
            .collect(Collectors.groupingBy(owner, LinkedHashMap::new, Collectors.toList()))
            .values());
  }

  @Override
  public void accept(int task) {
    for (TileTask mine : shared.tasks().get(task)) {
      tile(mine.span(), mine.head(), mine.tile());
    }
  }

  private void tile(Span span, int head, int tile) {
    inputs.q().load(span, head, tile, queries, logitTile.queryFactor());
    inputs.dOut().load(span, head, tile, dOut, 1);
    Arrays.fill(dq.values(), 0);
    BlockRows met = inputs.tiled().keyTiles(span, head);
    for (int e = met.rowPtr()[tile]; e < met.rowPtr()[tile + 1]; e++) {
      step(new Place(span, head, tile, met.colIdx()[e], met.full()[e]));
    }
    shared.dq().store(span, head, tile, dq, (float) problem.scale());
  }

  private void step(Place place) {
    Span span = place.span();
    int keyHead = problem.kvHead(place.head());
    int keyTile = place.keyTile();
    int rows = place.queries();
    Gemm.multiply(queries, shared.keysAcross().at(span, keyHead, keyTile), s, rows, false);
    Gemm.multiply(dOut, shared.valuesAcross().at(span, keyHead, keyTile), ds, rows, false);
    logitTile.byQuery(s, place, keepBits.byQuery(place), slopes);
    boolean poisoned = shared.keys().poisoned(span, keyHead, keyTile);
    if (poisoned) {
      System.arraycopy(s.values(), 0, kept.values(), 0, s.values().length);
    }
    if (dropout != null) {
      dropout.byQuery(ds, place, null);
    }
    int firstRow = problem.queryRow(place.batch(), place.head(), place.firstQuery());
    LogitGradient.byQuery(s, ds, inputs.statistics(), firstRow, rows);
    if (inputs.biasGradient() != null) {
      inputs.biasGradient().byQuery(ds, place);
    }
    if (slopes != null) {
      LogitGradient.multiplySlopes(ds, slopes, rows);
    }
    Gemm.multiply(ds, shared.keys().at(span, keyHead, keyTile), dq, rows, true);
    if (poisoned) {
      Poison.spread(ds, kept, dq, rows, shared.keys(), span, keyHead, keyTile);
    }
  }
}
