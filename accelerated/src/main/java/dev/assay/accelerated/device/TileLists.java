package dev.assay.accelerated.device;

import static dev.assay.accelerated.device.Tiles.EDGE;

import dev.assay.accelerated.device.TileRows.Entries;
import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Plan;
import org.jspecify.annotations.Nullable;

/**
 * Which tiles meet: any plan as lists of key tiles for each tile of queries, and the same lists
 * turned, for each batch entry and, where heads differ, each head.
 *
 * @param lists lists of a batch entry: 1, or one for each head
 * @param byQueries row l * queryTiles + I lists the key tiles that query tile I meets
 * @param byKeys row l * keyTiles + J lists the query tiles that key tile J meets, ascending
 * @param bits listed pairs of the tiles that are not listed as a whole: 32 words for a tile, word r
 *     for its query r, bit c for its key c
 */
public record TileLists(int lists, Entries byQueries, Entries byKeys, int[] bits) {
  /** The lists of a dense, block or chunk plan. */
  public static TileLists of(AttentionProblem problem, Plan plan, KeyRanges ranges) {
    BlockMask mask = blocks(problem, plan);
    int lists = mask == null || mask.maps() == 1 ? 1 : problem.heads();
    TileRows rows = new TileRows(problem, ranges, mask);
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < lists; h++) {
        rows.add(b, h);
      }
    }
    Entries byQueries = rows.entries();
    int keyTiles = Tiles.count(problem.keys());
    int queryTiles = Tiles.count(problem.queries());
    Entries byKeys = turned(byQueries, problem.batches() * lists, queryTiles, keyTiles);
    return new TileLists(lists, byQueries, byKeys, rows.bits());
  }

  private static @Nullable BlockMask blocks(AttentionProblem problem, Plan plan) {
    return switch (plan) {
      case DensePlan dense -> null;
      case BlockPlan block -> block.mask();
      case ChunkPlan chunk -> ChunkMask.of(problem, chunk);
      default -> throw new IllegalStateException("a " + plan.kind() + " plan has no tiles");
    };
  }

  /** Lists by query tile as lists by key tile, in ascending order of query tiles. */
  private static Entries turned(Entries entries, int lists, int queryTiles, int keyTiles) {
    int[] pointers = new int[lists * keyTiles + 1];
    for (int list = 0; list < lists; list++) {
      for (int e = entries.start(list * queryTiles);
          e < entries.start((list + 1) * queryTiles);
          e++) {
        pointers[list * keyTiles + entries.tiles()[e] + 1]++;
      }
    }
    for (int row = 0; row + 1 < pointers.length; row++) {
      pointers[row + 1] += pointers[row];
    }
    int[] next = pointers.clone();
    int[] tiles = new int[entries.tiles().length];
    int[] bitsAt = new int[tiles.length];
    for (int row = 0; row < lists * queryTiles; row++) {
      for (int e = entries.start(row); e < entries.start(row + 1); e++) {
        int to = next[row / queryTiles * keyTiles + entries.tiles()[e]]++;
        tiles[to] = row % queryTiles;
        bitsAt[to] = entries.bitsAt()[e];
      }
    }
    return new Entries(pointers, tiles, bitsAt);
  }

  /** Parts of what query tiles meet, in planes of batch entry and head. */
  Parts queryParts(AttentionProblem problem) {
    int heads = problem.heads();
    int tiles = Tiles.count(problem.queries());
    return Parts.of(
        problem.batches() * heads,
        tiles,
        (plane, tile) -> length(byQueries, plane / heads, plane % heads, tiles, tile));
  }

  /**
   * Parts of what key tiles meet, in planes of batch entry and key head: of its query heads the one
   * with the longest list counts.
   */
  Parts keyParts(AttentionProblem problem) {
    int kvHeads = problem.kvHeads();
    int group = problem.heads() / kvHeads;
    int tiles = Tiles.count(problem.keys());
    return Parts.of(
        problem.batches() * kvHeads,
        tiles,
        (plane, tile) -> {
          int longest = 0;
          for (int h = plane % kvHeads * group; h < (plane % kvHeads + 1) * group; h++) {
            longest = Math.max(longest, length(byKeys, plane / kvHeads, h, tiles, tile));
          }
          return longest;
        });
  }

  private int length(Entries entries, int b, int h, int tiles, int tile) {
    int row = (b * lists + h % lists) * tiles + tile;
    return entries.start(row + 1) - entries.start(row);
  }

  /** How many pairs the listed tiles hold at most. */
  public long pairs() {
    return (long) byQueries.tiles().length * EDGE * EDGE;
  }
}
