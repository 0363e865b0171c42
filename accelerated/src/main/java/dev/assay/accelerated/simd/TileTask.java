package dev.assay.accelerated.simd;

import java.util.ArrayList;
import java.util.List;
import java.util.function.ToIntFunction;

/**
 * One task: a tile of a span and head. It alone writes the results of that tile.
 *
 * @param span which span
 * @param head query head or key head
 * @param tile tile of queries or of keys
 */
record TileTask(Span span, int head, int tile) {
  /**
   * All tiles of all spans and heads, the last tiles first: under a causal frontier those of
   * queries are the longest.
   */
  static List<TileTask> lastFirst(List<Span> spans, int heads, ToIntFunction<Span> tiles) {
    List<TileTask> tasks = new ArrayList<>();
    int most = spans.stream().mapToInt(tiles).max().orElse(0);
    for (int tile = most - 1; tile >= 0; tile--) {
      for (Span span : spans) {
        for (int head = 0; head < heads && tile < tiles.applyAsInt(span); head++) {
          tasks.add(new TileTask(span, head, tile));
        }
      }
    }
    return tasks;
  }
}
