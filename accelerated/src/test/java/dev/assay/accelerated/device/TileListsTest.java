package dev.assay.accelerated.device;

import static dev.assay.accelerated.device.Tiles.EDGE;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.accelerated.device.TileRows.Entries;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Plan;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.BitSet;
import java.util.List;
import java.util.function.IntBinaryOperator;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** A pair is listed by its tile and its bit exactly where plan and key ranges allow it. */
class TileListsTest {
  private static final int BATCHES = 2;
  private static final int HEADS = 3;

  private static AttentionProblem problem(int queries, int keys, boolean causal) {
    Tensor q = Tensor.zeros(Shape.of(BATCHES, HEADS, queries, 1));
    Tensor k = Tensor.zeros(Shape.of(BATCHES, HEADS, keys, 1));
    return AttentionProblem.of(q, k, k)
        .causal(causal)
        .window(causal ? new Window(40, 0) : null)
        .keyLengths(keys, Math.max(0, keys - 7))
        .build();
  }

  /** Asserts membership of every pair, of lists by queries and by keys. */
  private static void agrees(AttentionProblem problem, Plan plan, IntBinaryOperator listed) {
    KeyRanges ranges = KeyRanges.of(problem);
    TileLists tiles = TileLists.of(problem, plan, ranges);
    int queryTiles = Tiles.count(problem.queries());
    int keyTiles = Tiles.count(problem.keys());
    clearTilesHaveAllPairs(problem, tiles, listed);
    for (int b = 0; b < BATCHES; b++) {
      for (int i = 0; i < problem.queries(); i++) {
        int row = b * problem.queries() + i;
        for (int j = 0; j < problem.keys(); j++) {
          int list = b * tiles.lists();
          int bits = bits(tiles, tiles.byQueries(), list * queryTiles + i / EDGE, j / EDGE, i);
          int turned = bits(tiles, tiles.byKeys(), list * keyTiles + j / EDGE, i / EDGE, i);
          boolean found = PairIndex.listed(j, ranges.from()[row], ranges.to()[row], bits);
          int[] range = problem.keyRange(b, i);
          boolean right = j >= range[0] && j < range[1] && listed.applyAsInt(i, j) != 0;
          assertEquals(right, found, "b " + b + " i " + i + " j " + j);
          assertEquals(bits, turned, "turned: b " + b + " i " + i + " j " + j);
        }
      }
    }
  }

  /** A tile is marked as clear exactly where each of its 32 x 32 pairs exists and counts. */
  private static void clearTilesHaveAllPairs(
      AttentionProblem problem, TileLists tiles, IntBinaryOperator listed) {
    Entries entries = tiles.byQueries();
    int queryTiles = Tiles.count(problem.queries());
    for (int row = 0; row < BATCHES * tiles.lists() * queryTiles; row++) {
      int b = row / (tiles.lists() * queryTiles);
      for (int e = entries.start(row); e < entries.start(row + 1); e++) {
        int counted = 0;
        for (int pair = 0; pair < EDGE * EDGE; pair++) {
          int i = row % queryTiles * EDGE + pair / EDGE;
          int j = entries.tiles()[e] * EDGE + pair % EDGE;
          if (i < problem.queries() && j < problem.keys()) {
            int[] range = problem.keyRange(b, i);
            boolean counts = j >= range[0] && j < range[1] && listed.applyAsInt(i, j) != 0;
            counted += counts ? 1 : 0;
          }
        }
        boolean clear = entries.bitsAt()[e] == TileRows.CLEAR;
        assertEquals(counted == EDGE * EDGE, clear, "row " + row + " entry " + e);
      }
    }
  }

  /** The word of query i in the tile that a row lists: 0 if it does not list it. */
  private static int bits(TileLists tiles, Entries entries, int row, int tile, int i) {
    for (int e = entries.start(row); e < entries.start(row + 1); e++) {
      if (entries.tiles()[e] == tile) {
        int at = entries.bitsAt()[e];
        return at < 0 ? -1 : tiles.bits()[at + i % EDGE];
      }
    }
    return 0;
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "32, 32", "33, 70", "70, 31", "96, 5"})
  void dense(int queries, int keys) {
    agrees(problem(queries, keys, false), new DensePlan(), (i, j) -> 1);
    agrees(problem(queries, keys, true), new DensePlan(), (i, j) -> 1);
  }

  @ParameterizedTest
  @CsvSource({"32, 32", "16, 8", "64, 100", "7, 41"})
  void blocks(int querySize, int keySize) {
    AttentionProblem problem = problem(70, 90, true);
    boolean[][] table = new boolean[Math.ceilDiv(70, querySize)][Math.ceilDiv(90, keySize)];
    for (int row = 0; row < table.length; row++) {
      for (int col = 0; col < table[row].length; col++) {
        table[row][col] = (2 * row + col) % 3 != 0;
      }
    }
    BlockMask mask =
        BlockMask.of(
            BlockMask.uniformBounds(70, querySize), BlockMask.uniformBounds(90, keySize), table);
    agrees(problem, new BlockPlan(mask), (i, j) -> mask.contains(0, 0, HEADS, i, j) ? 1 : 0);
  }

  @Test
  void blocks_with_bits() {
    BitSet bits = new BitSet();
    for (int bit = 0; bit < 70 * 90; bit += 7) {
      bits.set(bit);
    }
    @Nullable BitSet[] all = {bits};
    BlockRows rows = new BlockRows(new int[] {0, 1}, new int[] {0}, new boolean[] {false}, all);
    BlockMask mask = new BlockMask(new int[] {0, 70}, new int[] {0, 90}, List.of(rows));
    agrees(
        problem(70, 90, false),
        new BlockPlan(mask),
        (i, j) -> mask.contains(0, 0, HEADS, i, j) ? 1 : 0);
  }

  @Test
  void chunks() {
    List<int[]> neighbours = List.of(new int[] {2}, new int[] {}, new int[] {0, 1}, new int[] {1});
    ChunkPlan plan = new ChunkPlan(20, true, List.of(neighbours));
    int[][] met = {{1, 0, 1, 0}, {0, 1, 0, 0}, {1, 1, 1, 0}, {0, 1, 0, 1}};
    agrees(problem(70, 70, false), plan, (i, j) -> met[i / 20][j / 20]);
  }

  @Test
  void aligned_blocks_need_no_bits() {
    BlockMask mask =
        BlockMask.of(
            BlockMask.uniformBounds(70, 64),
            BlockMask.uniformBounds(90, 32),
            new boolean[][] {{true, false, true}, {false, true, true}});
    AttentionProblem problem = problem(70, 90, false);
    TileLists tiles = TileLists.of(problem, new BlockPlan(mask), KeyRanges.of(problem));
    assertEquals(0, tiles.bits().length);
    assertTrue(tiles.pairs() > 0);
  }

  @Test
  void each_head_has_a_list_of_its_own_where_the_plan_has() {
    boolean[][] none = {{false}};
    boolean[][] one = {{true}};
    BlockMask mask = BlockMask.of(new int[] {0, 5}, new int[] {0, 5}, none, one, none);
    AttentionProblem problem = problem(5, 5, false);
    TileLists tiles = TileLists.of(problem, new BlockPlan(mask), KeyRanges.of(problem));
    assertEquals(HEADS, tiles.lists());
    assertEquals(0, bits(tiles, tiles.byQueries(), 0, 0, 0));
    assertEquals(-1, bits(tiles, tiles.byQueries(), 1, 0, 0));
  }
}
