package dev.assay.engine;

import static dev.assay.engine.Agreement.assertClose;
import static dev.assay.engine.Agreement.assertSameBits;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.BitSet;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Plans that list their keys: blocks, chunks, gathered tokens. */
class ScalarSparseTest {
  private static final Draws DRAWS = new Draws(12);
  private static final int BATCH = 2;
  private static final int HEADS = 2;
  private static final int TOKENS = 7;

  private final Engine scalar = new ScalarEngine();

  private static ProblemBuilder problem() {
    return AttentionProblem.of(
        DRAWS.bell(1, BATCH, HEADS, TOKENS, 3),
        DRAWS.bell(2, BATCH, HEADS, TOKENS, 3),
        DRAWS.bell(3, BATCH, HEADS, TOKENS, 2));
  }

  private void check(AttentionProblem problem, Plan plan, Definition.OfPair multiplicity) {
    assertClose(
        Definition.of(problem).multiplicity(multiplicity).forward(), scalar.forward(problem, plan));
  }

  @Test
  void blocks_of_different_sizes() {
    int[] bounds = {0, 3, 4, 7};
    boolean[][] table = {{true, false, true}, {false, false, false}, {false, true, true}};
    int[] blockOf = {0, 0, 0, 1, 2, 2, 2};
    check(
        problem().build(),
        new BlockPlan(BlockMask.of(bounds, bounds, table)),
        (b, h, i, j) -> table[blockOf[i]][blockOf[j]] ? 1 : 0);
  }

  @Test
  void blocks_of_each_head_and_each_batch_entry() {
    int[] bounds = {0, 4, 7};
    boolean[][][] tables = {
      {{true, false}, {false, true}},
      {{false, true}, {true, true}},
      {{true, true}, {false, false}},
      {{false, false}, {true, false}}
    };
    check(
        problem().build(),
        new BlockPlan(BlockMask.of(bounds, bounds, tables)),
        (b, h, i, j) -> tables[b * HEADS + h][i / 4][j / 4] ? 1 : 0);
  }

  @Test
  void blocks_meet_the_causal_frontier_even_where_they_claim_to_be_full() {
    int[] bounds = BlockMask.uniformBounds(TOKENS, 4);
    BlockRows rows =
        new BlockRows(
            new int[] {0, 2, 4},
            new int[] {0, 1, 0, 1},
            new boolean[] {true, true, true, true},
            null);
    check(
        problem().causal(true).build(),
        new BlockPlan(new BlockMask(bounds, bounds, List.of(rows))),
        (b, h, i, j) -> j <= i ? 1 : 0);
  }

  @Test
  void bits_allow_single_pairs_of_a_block() {
    int[] bounds = BlockMask.uniformBounds(TOKENS, 4);
    BitSet diagonal = new BitSet();
    diagonal.set(0);
    diagonal.set(5);
    diagonal.set(10);
    diagonal.set(15);
    @Nullable BitSet[] bits = {diagonal, null};
    BlockRows rows = new BlockRows(new int[] {0, 1, 2}, new int[] {0, 0}, new boolean[2], bits);
    check(
        problem().build(),
        new BlockPlan(new BlockMask(bounds, bounds, List.of(rows))),
        (b, h, i, j) -> i < 4 ? (i == j ? 1 : 0) : (j < 4 ? 1 : 0));
  }

  @Test
  void rectangular_blocks_where_there_are_more_keys_than_queries() {
    AttentionProblem cross =
        AttentionProblem.of(
                DRAWS.bell(4, 1, 1, 3, 2), DRAWS.bell(5, 1, 1, 8, 2), DRAWS.bell(6, 1, 1, 8, 2))
            .build();
    boolean[][] table = {{false, true, true}, {true, false, false}};
    BlockMask mask =
        BlockMask.of(BlockMask.uniformBounds(3, 2), BlockMask.uniformBounds(8, 3), table);
    check(cross, new BlockPlan(mask), (b, h, i, j) -> table[i / 2][j / 3] ? 1 : 0);
  }

  @Test
  void every_block_listed_is_the_dense_plan_to_the_bit() {
    AttentionProblem problem = problem().causal(true).build();
    boolean[][] all = {{true, true, true}, {true, true, true}, {true, true, true}};
    int[] bounds = BlockMask.uniformBounds(TOKENS, 3);
    BlockPlan plan = new BlockPlan(BlockMask.of(bounds, bounds, all));
    assertSameBits(
        scalar.forward(problem, new DensePlan()).out(), scalar.forward(problem, plan).out());
  }

  @Test
  void chunks_meet_themselves() {
    ChunkPlan plan = new ChunkPlan(3, true, List.of(none(3)));
    check(problem().build(), plan, (b, h, i, j) -> i / 3 == j / 3 ? 1 : 0);
  }

  @Test
  void chunks_meet_their_neighbours_and_not_themselves() {
    List<int[]> ring = List.of(new int[] {2}, new int[] {0}, new int[] {0, 1});
    ChunkPlan plan = new ChunkPlan(3, false, List.of(ring));
    check(problem().build(), plan, (b, h, i, j) -> contains(ring.get(i / 3), j / 3) ? 1 : 0);
  }

  @Test
  void chunks_meet_themselves_between_their_neighbours_for_each_head() {
    List<List<int[]>> maps =
        List.of(List.of(new int[] {1, 2}, new int[] {0, 2}, new int[] {}), none(3));
    ChunkPlan plan = new ChunkPlan(3, true, maps);
    check(
        problem().build(),
        plan,
        (b, h, i, j) -> i / 3 == j / 3 || contains(maps.get(h).get(i / 3), j / 3) ? 1 : 0);
  }

  @Test
  void gathered_keys_weigh_by_their_multiplicity_within_the_causal_frontier() {
    Tensor listed = DRAWS.bits(7, 0.5, BATCH, HEADS, TOKENS, TOKENS);
    GatherPlan plan = gather(listed);
    check(
        problem().causal(true).build(),
        plan,
        (b, h, i, j) -> j <= i ? listed.at(b, h, i, j) * (1 + j % 3) : 0);
  }

  /** Lists key j of every pair that is 1, with multiplicity 1 + j mod 3. */
  static GatherPlan gather(Tensor listed) {
    int width = listed.shape().extent(3);
    int[] rowPtr = new int[listed.size() / width + 1];
    int[] keys = new int[listed.size()];
    int entries = 0;
    for (int p = 0; p < listed.size(); p++) {
      if (listed.get(p) == 1) {
        keys[entries++] = p % width;
      }
      rowPtr[p / width + 1] = entries;
    }
    keys = Arrays.copyOf(keys, entries);
    return new GatherPlan(rowPtr, keys, Arrays.stream(keys).map(j -> 1 + j % 3).toArray());
  }

  private static List<int[]> none(int chunks) {
    return Collections.nCopies(chunks, new int[0]);
  }

  private static boolean contains(int[] list, int wanted) {
    return Arrays.stream(list).anyMatch(entry -> entry == wanted);
  }
}
