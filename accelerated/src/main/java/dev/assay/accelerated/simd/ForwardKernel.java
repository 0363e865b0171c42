package dev.assay.accelerated.simd;

import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Forward attention, a tile of 64 queries at a time over its tiles of keys in ascending order:
 *
 * <pre>
 * S = Q K^T      P = 2^(S - rowMax)      rowSum += P 1      O += P V
 * out = O / rowSum      lse = ln 2 rowMax + ln rowSum
 * </pre>
 *
 * <p>An object is the scratch memory of one thread.
 */
final class ForwardKernel implements IntConsumer {
  /** What all threads share. */
  private record Shared(
      TiledProblem tiled,
      List<TileTask> tasks,
      Rows q,
      Panels keys,
      Panels values,
      Rows out,
      float[] lse) {}

  private final Shared shared;
  private final AttentionProblem problem;
  private final LogitTile logitTile;
  private final KeepBits keepBits;
  private final @Nullable Dropout dropout;
  private final OnlineSoftmax softmax = new OnlineSoftmax();
  private final Tile queries;
  private final Tile s = Tile.ofPairs();
  private final Tile kept = Tile.ofPairs();
  private final Tile results;

  private ForwardKernel(Shared shared) {
    this.shared = shared;
    this.problem = shared.tiled().problem();
    this.logitTile = new LogitTile(problem);
    this.keepBits = shared.tiled().keepBits();
    this.dropout = Dropout.orNull(problem);
    this.queries = Tile.of(problem.depth());
    this.results = Tile.of(problem.valueDepth());
  }

  static Forward run(TiledProblem tiled, Workers workers) {
    AttentionProblem problem = tiled.problem();
    List<Span> spans = tiled.spans();
    float[] out = new float[problem.outShape().size()];
    float[] lse = new float[problem.lseShape().size()];
    Arrays.fill(lse, Float.NEGATIVE_INFINITY);
    Rows k = tiled.ofKeys(problem.k().floats(), problem.depth());
    Rows v = tiled.ofKeys(problem.v().floats(), problem.valueDepth());
    Shared shared =
        new Shared(
            tiled,
            TileTask.lastFirst(spans, problem.heads(), Span::queryTiles),
            tiled.ofQueries(problem.q().floats(), problem.depth()),
            Panels.transposed(k, 1, spans, workers),
            Panels.rows(v, spans, workers),
            tiled.ofQueries(out, problem.valueDepth()),
            lse);
    workers.run(shared.tasks().size(), () -> new ForwardKernel(shared));
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }

  @Override
  public void accept(int task) {
    TileTask mine = shared.tasks().get(task);
    Span span = mine.span();
    shared.q().load(span, mine.head(), mine.tile(), queries, logitTile.queryFactor());
    softmax.reset();
    Arrays.fill(results.values(), 0);
    BlockRows met = shared.tiled().keyTiles(span, mine.head());
    for (int e = met.rowPtr()[mine.tile()]; e < met.rowPtr()[mine.tile() + 1]; e++) {
      step(new Place(span, mine.head(), mine.tile(), met.colIdx()[e], met.full()[e]));
    }
    finish(mine);
  }

  private void step(Place place) {
    Span span = place.span();
    int keyHead = problem.kvHead(place.head());
    int rows = place.queries();
    Gemm.multiply(queries, shared.keys().at(span, keyHead, place.keyTile()), s, rows, false);
    logitTile.byQuery(s, place, keepBits.byQuery(place), null);
    boolean poisoned = shared.values().poisoned(span, keyHead, place.keyTile());
    if (poisoned) {
      System.arraycopy(s.values(), 0, kept.values(), 0, s.values().length);
    }
    softmax.absorb(s, results, rows);
    if (dropout != null) {
      dropout.byQuery(s, place, poisoned ? kept : null);
    }
    Gemm.multiply(s, shared.values().at(span, keyHead, place.keyTile()), results, rows, true);
    if (poisoned) {
      Poison.spread(s, kept, results, rows, shared.values(), span, keyHead, place.keyTile());
    }
  }

  private void finish(TileTask mine) {
    Span span = mine.span();
    for (int r = 0; r < span.queriesIn(mine.tile()); r++) {
      float sum = (float) softmax.sum(r);
      if (sum != 0) {
        int to = shared.out().position(span, mine.head(), mine.tile(), r);
        for (int c = 0; c < problem.valueDepth(); c++) {
          shared.out().values()[to + c] = results.values()[r * results.stride() + c] / sum;
        }
        int row = problem.queryRow(span.batch(), mine.head(), span.queryAt(mine.tile()) + r);
        shared.lse()[row] = softmax.lse(r);
      }
    }
  }
}
