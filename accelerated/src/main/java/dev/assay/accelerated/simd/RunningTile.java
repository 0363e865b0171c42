package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/**
 * A tile of queries on its way over its tiles of keys: Q packed, the running softmax, the results
 * before the division, and which tile of keys comes next.
 */
final class RunningTile {
  /** What {@link #next} gives at the end. */
  static final int DONE = Integer.MAX_VALUE;

  private final ForwardKernel.Shared shared;
  private final AttentionProblem problem;
  private final float queryFactor;
  private final OnlineSoftmax softmax;
  private final Matrix queriesAcross;
  private final Matrix results;
  private final Matrix resultsByQuery;
  private TileTask mine;
  private TileMap map;
  private int entry;
  private int end;

  RunningTile(ForwardKernel.Shared shared, float queryFactor) {
    this.shared = shared;
    this.problem = shared.tiled().problem();
    this.queryFactor = queryFactor;
    this.queriesAcross = Matrix.scratch(problem.depth(), EDGE);
    this.results = Matrix.scratch(problem.valueDepth(), EDGE);
    this.resultsByQuery = results.transposed();
    this.softmax = new OnlineSoftmax(results, problem.valueDepth());
    this.mine = shared.tasks().getFirst().getFirst();
    this.map = shared.tiled().map(mine.span(), mine.head());
  }

  void begin(TileTask task) {
    mine = task;
    shared.q().loadAcross(mine.span(), mine.head(), mine.tile(), queriesAcross, queryFactor);
    softmax.reset();
    Arrays.fill(results.values(), 0);
    map = shared.tiled().map(mine.span(), mine.head());
    entry = map.begin(mine.tile());
    end = map.end(mine.tile());
  }

  /** The tile of keys that comes next, or {@link #DONE}. */
  int next() {
    return entry < end ? map.keyTile(entry) : DONE;
  }

  /** Moves a place to the pair with the next tile of keys, and goes on to the one behind it. */
  void take(Place place) {
    int now = entry++;
    place.moveTo(
        mine.span(), mine.head(), mine.tile(), map.keyTile(now), map.full(mine.tile(), now));
  }

  /** {@code scale Q^T}, a column for each query. */
  Matrix queriesAcross() {
    return queriesAcross;
  }

  /** Takes in a tile of logits, which become weights. */
  void absorb(Matrix s, int keys, int columns) {
    softmax.absorb(s, keys, columns);
  }

  /** Sums of weighted values, a column for each query. */
  Matrix results() {
    return results;
  }

  /** The same with a row for each query. */
  Matrix resultsByQuery() {
    return resultsByQuery;
  }

  /** Stores output and LSE. */
  void finish() {
    Span span = mine.span();
    softmax.divideBySums();
    shared.out().store(span, mine.head(), mine.tile(), resultsByQuery, 1);
    int first = problem.queryRow(span.batch(), mine.head(), span.queryAt(mine.tile()));
    for (int r = 0; r < span.queriesIn(mine.tile()); r++) {
      if (softmax.sum(r) != 0) {
        shared.lse()[first + r] = softmax.lse(r);
      }
    }
  }
}
