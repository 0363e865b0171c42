package dev.assay.accelerated.simd;

import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.stream.IntStream;

/**
 * A tile of a span and head, by itself or with its neighbours the work of a task.
 *
 * @param span which span
 * @param head query head or key head
 * @param tile tile of queries or of keys
 * @param cost tiles that it meets
 */
record TileTask(Span span, int head, int tile, int cost) {
  /** Most tiles of queries that go over their keys together: their sums must fit the caches. */
  private static final int TOGETHER = 4;

  /**
   * As long as each thread has this many tasks, tiles go together and heads one after the other.
   */
  private static final int TASKS = 4;

  private static final Comparator<List<TileTask>> COSTLIEST_FIRST =
      Comparator.<List<TileTask>>comparingLong(TileTask::cost).reversed();

  /**
   * All tiles of queries of all heads and all spans that are not {@link DecodeSpan}s: neighbours of
   * a head together. The costliest come first, so that no thread is left alone with a long task at
   * the end; but only as many heads are on at once as give the threads enough to choose from, for a
   * head's tasks read the same keys, and find them in the caches.
   */
  static List<List<TileTask>> ofQueries(TiledProblem tiled, int threads) {
    long tiles = 0;
    for (Span span : tiled.spans()) {
      tiles += DecodeSpan.is(span) ? 0 : (long) tiled.problem().heads() * span.queryTiles();
    }
    int together = Math.clamp(tiles / (TASKS * (long) threads), 1, TOGETHER);
    List<List<List<TileTask>>> heads = new ArrayList<>();
    for (Span span : tiled.spans()) {
      for (int h = 0; h < tiled.problem().heads() && !DecodeSpan.is(span); h++) {
        heads.add(tasksOf(ofHead(span, h, tiled.map(span, h)), together));
      }
    }
    heads.removeIf(List::isEmpty);
    heads.sort(Comparator.comparing(List::getFirst, COSTLIEST_FIRST));
    return inOrder(heads, TASKS * threads);
  }

  /** So many tiles together, the costliest first. */
  private static List<List<TileTask>> tasksOf(List<TileTask> tiles, int together) {
    List<List<TileTask>> tasks = new ArrayList<>();
    for (int from = 0; from < tiles.size(); from += together) {
      tasks.add(List.copyOf(tiles.subList(from, Math.min(from + together, tiles.size()))));
    }
    tasks.sort(COSTLIEST_FIRST);
    return tasks;
  }

  /** Heads are gathered until there are enough tasks, the costliest of which then come first. */
  private static List<List<TileTask>> inOrder(List<List<List<TileTask>>> heads, int enough) {
    int left = heads.stream().mapToInt(List::size).sum();
    List<List<TileTask>> all = new ArrayList<>(left);
    List<List<TileTask>> atOnce = new ArrayList<>();
    for (List<List<TileTask>> ofHead : heads) {
      atOnce.addAll(ofHead);
      left -= ofHead.size();
      // What is left must be enough, too, or long tasks would come at the very end.
      if (left == 0 || (atOnce.size() >= enough && left >= enough)) {
        atOnce.sort(COSTLIEST_FIRST);
        all.addAll(atOnce);
        atOnce.clear();
      }
    }
    return all;
  }

  private static long cost(List<TileTask> tiles) {
    long cost = 0;
    for (TileTask tile : tiles) {
      cost += tile.cost;
    }
    return cost;
  }

  private static List<TileTask> ofHead(Span span, int head, TileMap map) {
    return IntStream.range(0, span.queryTiles())
        .mapToObj(tile -> new TileTask(span, head, tile, map.end(tile) - map.begin(tile)))
        .toList();
  }

  /**
   * All tiles of keys of all spans and key heads, those of a head in ascending order, as {@link
   * Turns} demands. As many heads are on at once as there are threads: so each thread finds the
   * queries of its head in the caches, and none waits for another's turn.
   */
  static List<TileTask> ofKeys(TiledProblem tiled, int threads) {
    List<TileTask> heads = new ArrayList<>();
    for (Span span : tiled.spans()) {
      for (int head = 0; head < tiled.problem().kvHeads(); head++) {
        heads.add(new TileTask(span, head, 0, 1));
      }
    }
    List<TileTask> tasks = new ArrayList<>();
    for (int from = 0; from < heads.size(); from += threads) {
      List<TileTask> together = heads.subList(from, Math.min(from + threads, heads.size()));
      int most = together.stream().mapToInt(head -> head.span().keyTiles()).max().orElse(0);
      for (int tile = 0; tile < most; tile++) {
        for (TileTask head : together) {
          if (tile < head.span().keyTiles()) {
            tasks.add(new TileTask(head.span(), head.head(), tile, 1));
          }
        }
      }
    }
    return tasks;
  }
}
