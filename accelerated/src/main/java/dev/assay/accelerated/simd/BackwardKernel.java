package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The backward of a tile of keys: over the query heads of its group and the tiles of queries that
 * meet it, both ascending,
 *
 * <pre>
 * S = Q K^T      dP = dO V^T      P = e^(S - lse)      dS = P (dP - delta)
 * dK^T += scale Q^T dS      dV^T += dO^T P      dQ += scale dS K
 * </pre>
 *
 * <p>five products, none of them twice. dK and dV belong to the tile; dQ is added to by many tiles
 * of keys, each when it is its turn. dS itself is the gradient of the bias. An object is the
 * scratch memory of one thread.
 */
final class BackwardKernel implements IntConsumer {
  private final BackwardInputs inputs;
  private final BackwardResults results;
  private final List<List<TileTask>> tasks;
  private final AttentionProblem problem;
  private final LogitTile logitTile;
  private final KeepBits keepBits;
  private final @Nullable Dropout dropout;
  private final @Nullable Matrix slopes;
  private final QueryTile queries;
  private final GradientRows dq;
  private final Place place;
  private final Matrix keysAcross;
  private final Matrix valuesAcross;
  private final Matrix keys;
  private final Matrix s = Matrix.scratch(EDGE);
  private final Matrix ds = Matrix.scratch(EDGE);
  private final Matrix kept = Matrix.scratch(EDGE);
  private final Matrix pByKey = s.transposed();
  private final Matrix dsByKey = ds.transposed();
  private final Matrix keptByKey = kept.transposed();
  private final TurnedProduct product = new TurnedProduct();
  private final Matrix dk;
  private final Matrix dv;
  private final Matrix dkByKey;
  private final Matrix dvByKey;

  BackwardKernel(BackwardInputs inputs, BackwardResults results, List<List<TileTask>> tasks) {
    this.inputs = inputs;
    this.results = results;
    this.tasks = tasks;
    this.problem = inputs.tiled().problem();
    this.logitTile = new LogitTile(problem);
    this.keepBits = inputs.tiled().keepBits();
    this.dropout = Dropout.orNull(problem);
    this.slopes = logitTile.hasSlopes() ? Matrix.scratch(EDGE) : null;
    this.queries = new QueryTile(inputs, logitTile.queryFactor());
    this.dq = new GradientRows(results.dq());
    this.place = new Place(inputs.tiled().spans().getFirst());
    this.keysAcross = Matrix.scratch(problem.depth(), EDGE);
    this.valuesAcross = Matrix.scratch(problem.valueDepth(), EDGE);
    this.keys = Matrix.scratch(problem.depth());
    this.dk = Matrix.scratch(problem.depth(), EDGE);
    this.dv = Matrix.scratch(problem.valueDepth(), EDGE);
    this.dkByKey = dk.transposed();
    this.dvByKey = dv.transposed();
  }

  @Override
  public void accept(int task) {
    boolean done = false;
    try {
      for (TileTask mine : tasks.get(task)) {
        tile(mine.span(), mine.head(), mine.tile());
      }
      done = true;
    } finally {
      if (!done) {
        results.turns().stop();
      }
    }
  }

  private void tile(Span span, int keyHead, int tile) {
    float scale = (float) problem.scale();
    inputs.k().rows().loadAcross(span, keyHead, tile, keysAcross, 1);
    inputs.v().loadAcross(span, keyHead, tile, valuesAcross, 1);
    inputs.k().load(span, keyHead, tile, keys, 1);
    Arrays.fill(dk.values(), 0);
    Arrays.fill(dv.values(), 0);
    int group = problem.heads() / problem.kvHeads();
    for (int head = keyHead * group; head < (keyHead + 1) * group; head++) {
      TileMap map = inputs.tiled().map(span, head);
      for (int e = map.beginBack(tile); e < map.endBack(tile); e++) {
        int queryTile = map.queryTile(e);
        int entry = map.forward(tile, e);
        place.moveTo(span, head, queryTile, tile, map.full(queryTile, entry));
        int turn = entry - map.begin(queryTile);
        step(turn, entry + 1 == map.end(queryTile));
      }
    }
    results.dk().store(span, keyHead, tile, dkByKey, scale);
    results.dv().store(span, keyHead, tile, dvByKey, 1);
  }

  private void step(int turn, boolean last) {
    int rows = place.queries();
    queries.load(place);
    Gemm.multiply(queries.q(), keysAcross, s, rows, problem.depth(), EDGE, false);
    Gemm.multiply(queries.dOut(), valuesAcross, ds, rows, problem.valueDepth(), EDGE, false);
    logitTile.byQuery(s, place, keepBits.byQuery(place), slopes);
    int keyHead = problem.kvHead(place.head());
    boolean poisonedKeys = inputs.k().poisoned(place.span(), keyHead, place.keyTile());
    if (poisonedKeys || queries.poisoned()) {
      kept.copyRows(s, rows);
    }
    gradientOfLogits(turn);
    int columns = Matrix.padded(place.keys());
    product.add(queries.finiteQ(), ds, dk, problem.depth(), rows, columns);
    if (queries.poisonedQ()) {
      spread(inputs.q(), dsByKey, dkByKey, false);
    }
    gradientOfQueries(turn, last, poisonedKeys);
    if (dropout != null) {
      dropout.byQuery(s, place, queries.poisonedDOut() ? kept : null);
    }
    product.add(queries.finiteDOut(), s, dv, problem.valueDepth(), rows, columns);
    if (queries.poisonedDOut()) {
      spread(inputs.dOut(), pByKey, dvByKey, true);
    }
  }

  private void gradientOfLogits(int turn) {
    if (dropout != null) {
      dropout.byQuery(ds, place, null);
    }
    int firstRow = problem.queryRow(place.batch(), place.head(), place.firstQuery());
    LogitGradient.byQuery(s, ds, inputs.statistics(), firstRow, place.queries());
    if (results.bias() != null) {
      results.turns().await(place, turn);
      results.bias().take(ds, place);
    }
    if (slopes != null) {
      LogitGradient.multiplySlopes(ds, slopes, place.queries());
    }
  }

  private void gradientOfQueries(int turn, boolean last, boolean poisonedKeys) {
    results.turns().await(place, turn);
    Matrix sum = dq.open(place);
    Gemm.multiply(
        ds, keys, sum, place.queries(), place.keys(), Matrix.padded(problem.depth()), true);
    if (poisonedKeys) {
      int keyHead = problem.kvHead(place.head());
      Span span = place.span();
      Poison.spread(
          ds, kept, sum, place.queries(), inputs.k(), span, keyHead, place.keyTile(), false);
    }
    dq.close(place, last ? (float) problem.scale() : 1);
    results.turns().pass(place, turn);
  }

  private void spread(Factor from, Matrix weights, Matrix result, boolean probabilities) {
    Poison.spread(
        weights,
        keptByKey,
        result,
        place.keys(),
        from,
        place.span(),
        place.head(),
        place.queryTile(),
        probabilities);
  }
}
