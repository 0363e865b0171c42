package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Forward for few queries against many keys, as in decoding. The work is split over keys: a task is
 * a part of the tiles that the queries meet, for all query heads that share a key head, so that a
 * key is read once for all of them. {@link PartialRows} joins the segments.
 *
 * <p>An object is the scratch memory of one thread.
 */
final class DecodeKernel implements IntConsumer {
  /**
   * A part of the keys.
   *
   * @param s number of the span among those of few queries
   * @param keyHead key head
   * @param part which part
   */
  record Segment(int s, int keyHead, int part) {}

  private final TiledProblem tiled;
  private final List<DecodeSpan> spans;
  private final List<Segment> segments;
  private final PartialRows partial;
  private final AttentionProblem problem;
  private final KeepBits keepBits;
  private final Place place;
  private final PairChunk chunk;
  private final PairLogits logits;
  private final int group;
  private final RowSoftmax[] rows;
  private final float[] s = new float[EDGE];

  DecodeKernel(
      TiledProblem tiled, List<DecodeSpan> spans, List<Segment> segments, PartialRows partial) {
    this.tiled = tiled;
    this.spans = spans;
    this.segments = segments;
    this.partial = partial;
    this.problem = tiled.problem();
    this.keepBits = tiled.keepBits();
    this.place = new Place(tiled.spans().getFirst());
    this.chunk = new PairChunk(problem);
    this.logits = new PairLogits(problem, problem.bias() == null);
    this.group = problem.heads() / problem.kvHeads();
    this.rows = new RowSoftmax[DecodeSpan.MOST_QUERIES * group];
    for (int r = 0; r < rows.length; r++) {
      rows[r] = new RowSoftmax();
    }
  }

  /** All parts of all spans and key heads. */
  static List<Segment> segments(List<DecodeSpan> spans, int keyHeads) {
    List<Segment> segments = new ArrayList<>();
    for (int s = 0; s < spans.size(); s++) {
      for (int keyHead = 0; keyHead < keyHeads; keyHead++) {
        for (int part = 0; part < spans.get(s).parts(); part++) {
          segments.add(new Segment(s, keyHead, part));
        }
      }
    }
    return segments;
  }

  @Override
  public void accept(int task) {
    Segment mine = segments.get(task);
    Span span = spans.get(mine.s()).span();
    int firstHead = mine.keyHead() * group;
    for (int r = 0; r < group * span.queries(); r++) {
      int head = firstHead + r / span.queries();
      partial.open(rows[r], mine.s(), head, r % span.queries(), mine.part());
    }
    for (int t = 0; t < DecodeSpan.TILES; t++) {
      for (int g = 0; g < group; g++) {
        TileMap map = tiled.map(span, firstHead + g);
        int e = map.begin(0) + mine.part() * DecodeSpan.TILES + t;
        if (e < map.end(0)) {
          place.moveTo(span, firstHead + g, 0, map.keyTile(e), map.full(0, e));
          tile(g);
        }
      }
    }
    for (int r = 0; r < group * span.queries(); r++) {
      int head = firstHead + r / span.queries();
      partial.close(rows[r], mine.s(), head, r % span.queries(), mine.part());
    }
  }

  private void tile(int g) {
    long @Nullable [] bits = keepBits.byQuery(place);
    for (int r = 0; r < place.queries(); r++) {
      int i = place.firstQuery() + r;
      if (bits == null) {
        chunk.fill(place.batch(), place.head(), i, place.firstKey(), place.keys());
      } else {
        chunk.clear();
        for (long left = bits[r]; left != 0; left &= left - 1) {
          int j = place.firstKey() + Long.numberOfTrailingZeros(left);
          chunk.add(place.batch(), place.head(), i, j, 0);
        }
      }
      if (chunk.count() > 0) {
        row(rows[g * place.queries() + r]);
      }
    }
  }

  private void row(RowSoftmax row) {
    logits.anchor(problem.q().floats(), chunk.queryAt()[0]);
    logits.of(chunk, problem.k().floats(), chunk.keyAt(), s, null);
    row.absorb(s, chunk.count());
    chunk.drop(s);
    row.addValues(s, problem.v().floats(), chunk);
  }
}
