package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import java.util.ArrayList;
import java.util.List;

/**
 * A span of few queries, and into how many parts its keys are split: {@link #TILES} of the tiles
 * that a head meets make a part.
 *
 * @param span queries and keys
 * @param parts most parts of a head
 */
record DecodeSpan(Span span, int parts) {
  /** Above this many queries tiles are faster. */
  static final int MOST_QUERIES = 8;

  /** Tiles in a part: enough to outweigh its join, few enough to feed many threads. */
  static final int TILES = 16;

  /** Whether a span is run here. */
  static boolean is(Span span) {
    return span.queries() > 0 && span.queries() <= MOST_QUERIES;
  }

  /** Those spans of a problem that have few queries. */
  static List<DecodeSpan> of(TiledProblem tiled) {
    AttentionProblem problem = tiled.problem();
    List<DecodeSpan> few = new ArrayList<>();
    for (Span span : tiled.spans()) {
      if (is(span)) {
        int most = 0;
        for (int head = 0; head < problem.heads(); head++) {
          TileMap map = tiled.map(span, head);
          most = Math.max(most, map.end(0) - map.begin(0));
        }
        few.add(new DecodeSpan(span, Math.ceilDiv(most, TILES)));
      }
    }
    return few;
  }
}
