package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;
import org.jspecify.annotations.Nullable;

/**
 * Forward attention, a tile of 64 queries at a time over its tiles of keys in ascending order:
 *
 * <pre>
 * S^T = K Q^T      P^T = e^(S^T - rowMax)      rowSum += 1 P^T      O += P V
 * out = O / rowSum      lse = rowMax + ln rowSum
 * </pre>
 *
 * <p>Only the tile of Q is packed; keys and values are read where they lie. An object is the
 * scratch memory of one thread.
 */
final class ForwardKernel implements IntConsumer {
  /**
   * What all threads share.
   *
   * @param tiled the problem
   * @param tasks the tiles of queries
   * @param q rows of Q
   * @param k rows of K
   * @param v V as right factor
   * @param out rows of the output
   * @param lse by query row
   */
  record Shared(
      TiledProblem tiled, List<TileTask> tasks, Rows q, Rows k, Factor v, Rows out, float[] lse) {}

  private final Shared shared;
  private final AttentionProblem problem;
  private final LogitTile logitTile;
  private final KeepBits keepBits;
  private final Place place;
  private final @Nullable Dropout dropout;
  private final OnlineSoftmax softmax = new OnlineSoftmax();
  private final Matrix queriesAcross;
  private final Matrix s = Matrix.scratch(EDGE);
  private final Matrix kept = Matrix.scratch(EDGE);
  private final Matrix p = s.transposed();
  private final Matrix keptByQuery = kept.transposed();
  private final Matrix keyWindow = Matrix.window();
  private final Matrix keyCopy;
  private final Matrix valueWindow = Matrix.window();
  private final Matrix valueCopy;
  private final Matrix results;

  ForwardKernel(Shared shared) {
    this.shared = shared;
    this.problem = shared.tiled().problem();
    this.logitTile = new LogitTile(problem);
    this.keepBits = shared.tiled().keepBits();
    this.place = new Place(shared.tiled().spans().getFirst());
    this.dropout = Dropout.orNull(problem);
    this.queriesAcross = Matrix.scratch(problem.depth(), EDGE);
    this.keyCopy = Matrix.scratch(problem.depth());
    this.valueCopy = Matrix.scratch(problem.valueDepth());
    this.results = Matrix.scratch(problem.valueDepth());
  }

  @Override
  public void accept(int task) {
    TileTask mine = shared.tasks().get(task);
    Span span = mine.span();
    shared.q().loadAcross(span, mine.head(), mine.tile(), queriesAcross, logitTile.queryFactor());
    softmax.reset();
    Arrays.fill(results.values(), 0);
    TileMap map = shared.tiled().map(span, mine.head());
    for (int e = map.begin(mine.tile()); e < map.end(mine.tile()); e++) {
      place.moveTo(span, mine.head(), mine.tile(), map.keyTile(e), map.full(mine.tile(), e));
      step();
    }
    finish(mine);
  }

  private void step() {
    Span span = place.span();
    int head = problem.kvHead(place.head());
    int tile = place.keyTile();
    int keys = place.keys();
    int rows = place.queries();
    int columns = Matrix.padded(rows);
    Matrix k = shared.k().read(span, head, tile, keyWindow, keyCopy);
    Gemm.multiply(k, queriesAcross, s, keys, problem.depth(), columns, false);
    logitTile.byKey(s, place, keepBits.byKey(place), null);
    boolean poisoned = shared.v().poisoned(span, head, tile);
    if (poisoned) {
      System.arraycopy(s.values(), 0, kept.values(), 0, s.values().length);
    }
    softmax.absorb(s, keys, columns, results);
    if (dropout != null) {
      dropout.byKey(s, place, poisoned ? kept : null);
    }
    Matrix v = shared.v().read(span, head, tile, valueWindow, valueCopy);
    int channels = Matrix.padded(problem.valueDepth());
    Gemm.multiply(p, v, results, rows, keys, channels, true);
    if (poisoned) {
      Poison.spread(p, keptByQuery, results, rows, shared.v(), span, head, tile, true);
    }
  }

  private void finish(TileTask mine) {
    Span span = mine.span();
    for (int r = 0; r < span.queriesIn(mine.tile()); r++) {
      float sum = softmax.sum(r);
      if (sum != 0) {
        divide(r, sum, shared.out().position(span, mine.head(), mine.tile(), r));
        int row = problem.queryRow(span.batch(), mine.head(), span.queryAt(mine.tile()) + r);
        shared.lse()[row] = softmax.lse(r);
      }
    }
  }

  private void divide(int r, float sum, int to) {
    float[] source = results.values();
    float[] out = shared.out().values();
    int from = results.row(r);
    int c = 0;
    for (; c + LANES <= problem.valueDepth(); c += LANES) {
      FloatVector.fromArray(SPECIES, source, from + c).div(sum).intoArray(out, to + c);
    }
    for (; c < problem.valueDepth(); c++) {
      out[to + c] = source[from + c] / sum;
    }
  }
}
