package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Ragged;
import java.util.ArrayList;
import java.util.List;

/**
 * Queries and keys that can meet: a batch entry as far as its lengths go, or one sequence of a
 * ragged batch. Tiles are counted from its first query and its first key, so that a sequence gives
 * the same bits whatever it is packed with.
 *
 * @param index its number among the spans
 * @param batch batch entry
 * @param firstQuery first query row within the batch entry
 * @param queries valid query rows
 * @param firstKey first key within the batch entry
 * @param keys valid keys
 */
record Span(int index, int batch, int firstQuery, int queries, int firstKey, int keys) {
  /** The spans of a problem, in order. */
  static List<Span> of(AttentionProblem problem) {
    Ragged ragged = problem.ragged();
    int count = ragged != null ? ragged.sequences() : problem.batches();
    List<Span> spans = new ArrayList<>();
    for (int s = 0; s < count; s++) {
      spans.add(
          new Span(
              s,
              ragged != null ? 0 : s,
              ragged != null ? ragged.cuQueries()[s] : 0,
              problem.queryLength(s),
              ragged != null ? ragged.cuKeys()[s] : 0,
              problem.keyLength(s)));
    }
    return spans;
  }

  /** Number of query tiles; the last may have fewer rows. */
  int queryTiles() {
    return Tile.count(queries);
  }

  /** Number of key tiles; the last may have fewer keys. */
  int keyTiles() {
    return Tile.count(keys);
  }

  /** Queries in a tile. */
  int queriesIn(int tile) {
    return Math.min(EDGE, queries - tile * EDGE);
  }

  /** Keys in a tile. */
  int keysIn(int tile) {
    return Math.min(EDGE, keys - tile * EDGE);
  }

  /** First query of a tile, counted within the batch entry. */
  int queryAt(int tile) {
    return firstQuery + tile * EDGE;
  }

  /** First key of a tile, counted within the batch entry. */
  int keyAt(int tile) {
    return firstKey + tile * EDGE;
  }
}
