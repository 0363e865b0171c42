package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.List;
import java.util.function.IntConsumer;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Forward attention, a tile of 64 queries at a time over its tiles of keys in ascending order:
 *
 * <pre>
 * S^T = K Q^T      P^T = e^(S^T - rowMax)      rowSum += 1 P^T      O^T += V^T P^T
 * out = O / rowSum      lse = rowMax + ln rowSum
 * </pre>
 *
 * <p>A query is a column everywhere: so the right factors of both products lie in scratch memory,
 * keys and values are left factors and mostly read where they lie (see {@link TurnedProduct}), and
 * the queries of a vector share the steps of the softmax. Some tiles of queries go over their keys
 * together, so that a tile of keys comes from afar once for all of them. An object is the scratch
 * memory of one thread.
 */
final class ForwardKernel implements IntConsumer {
  /**
   * What all threads share.
   *
   * @param tiled the problem
   * @param tasks tiles of queries that go over their keys together
   * @param q rows of Q
   * @param k rows of K
   * @param v V, a left factor
   * @param out rows of the output
   * @param lse by query row
   */
  record Shared(
      TiledProblem tiled,
      List<List<TileTask>> tasks,
      Rows q,
      Rows k,
      Factor v,
      Rows out,
      float[] lse) {}

  private final Shared shared;
  private final AttentionProblem problem;
  private final LogitTile logitTile;
  private final KeepBits keepBits;
  private final Place place;
  private final @Nullable Dropout dropout;
  private final RunningTile[] tiles;
  private final Matrix s = Matrix.scratch(EDGE);
  private final Matrix kept = Matrix.scratch(EDGE);
  private final Matrix pByQuery = s.transposed();
  private final Matrix keptByQuery = kept.transposed();
  private final Matrix keyWindow = Matrix.window();
  private final Matrix keyCopy;
  private final Matrix valueWindow = Matrix.window();
  private final Matrix valueCopy;
  private final TurnedProduct product = new TurnedProduct();

  ForwardKernel(Shared shared) {
    this.shared = shared;
    this.problem = shared.tiled().problem();
    this.logitTile = new LogitTile(problem);
    this.keepBits = shared.tiled().keepBits();
    this.place = new Place(shared.tiled().spans().getFirst());
    this.dropout = Dropout.orNull(problem);
    int most = shared.tasks().stream().mapToInt(List::size).max().orElse(0);
    this.tiles =
        IntStream.range(0, most)
            .mapToObj(i -> new RunningTile(shared, logitTile.queryFactor()))
            .toArray(RunningTile[]::new);
    this.keyCopy = Matrix.scratch(problem.depth());
    this.valueCopy = Matrix.scratch(problem.valueDepth());
  }

  @Override
  public void accept(int task) {
    List<TileTask> together = shared.tasks().get(task);
    for (int i = 0; i < together.size(); i++) {
      tiles[i].begin(together.get(i));
    }
    int tile = first(together.size());
    while (tile != RunningTile.DONE) {
      for (int i = 0; i < together.size(); i++) {
        if (tiles[i].next() == tile) {
          step(tiles[i]);
        }
      }
      tile = first(together.size());
    }
    for (int i = 0; i < together.size(); i++) {
      tiles[i].finish();
    }
  }

  /** The first tile of keys that is left to any of so many tiles of queries. */
  private int first(int count) {
    int first = RunningTile.DONE;
    for (int i = 0; i < count; i++) {
      first = Math.min(first, tiles[i].next());
    }
    return first;
  }

  private void step(RunningTile mine) {
    mine.take(place);
    Span span = place.span();
    int head = problem.kvHead(place.head());
    int tile = place.keyTile();
    int keys = place.keys();
    int rows = place.queries();
    int columns = Matrix.padded(rows);
    Matrix k = shared.k().read(span, head, tile, keyWindow, keyCopy);
    Gemm.multiply(k, mine.queriesAcross(), s, keys, problem.depth(), columns, false);
    logitTile.byKey(s, place, keepBits.byKey(place), null);
    boolean poisoned = shared.v().poisoned(span, head, tile);
    if (poisoned) {
      kept.copyRows(s, keys);
    }
    mine.absorb(s, keys, columns);
    if (dropout != null) {
      dropout.byKey(s, place, poisoned ? kept : null);
    }
    Matrix v = shared.v().read(span, head, tile, valueWindow, valueCopy);
    product.add(v, s, mine.results(), problem.valueDepth(), keys, columns);
    if (poisoned) {
      Poison.spread(
          pByQuery, keptByQuery, mine.resultsByQuery(), rows, shared.v(), span, head, tile, true);
    }
  }
}
