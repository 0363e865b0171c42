package dev.assay.accelerated.simd;

import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Paging;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Window;
import dev.assay.tensor.Tensor;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.Tag;
import net.jqwik.api.constraints.IntRange;

/** Shapes and predicates in combinations that nobody thought of. */
@Tag("width")
class RandomProblemsProperties {
  private static final double KEPT = 0.7;
  private static final int[] PAGES = {17, 64, 128};

  @Property(tries = 150, seed = "28")
  void every_element_is_within_its_bound(
      @ForAll @IntRange(min = 1, max = 150) int queries,
      @ForAll @IntRange(min = 1, max = 150) int keys,
      @ForAll @IntRange(min = 1, max = 40) int depth,
      @ForAll @IntRange(min = 1, max = 40) int valueDepth,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll int seed,
      @ForAll @IntRange(max = 511) int features) {
    Draw draw = new Draw(seed);
    AttentionProblem problem = problem(draw, group, queries, keys, depth, valueDepth, features);
    Plan plan =
        (features & 128) != 0
            ? blocks(draw, queries, problem.keys(), seed >>> 13)
            : new DensePlan();
    new Trial("features " + features, problem, plan, seed).holds(new SimdEngine(2));
  }

  @Property(tries = 80, seed = "29")
  void few_queries_are_split_over_their_keys(
      @ForAll @IntRange(min = 1, max = DecodeSpan.MOST_QUERIES) int queries,
      @ForAll @IntRange(min = 1, max = 2500) int keys,
      @ForAll @IntRange(min = 1, max = 70) int depth,
      @ForAll @IntRange(min = 1, max = 20) int valueDepth,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll int seed,
      @ForAll @IntRange(max = 511) int features) {
    Draw draw = new Draw(seed);
    AttentionProblem problem = problem(draw, group, queries, keys, depth, valueDepth, features);
    Plan plan =
        (features & 128) != 0
            ? blocks(draw, queries, problem.keys(), seed >>> 13)
            : new DensePlan();
    new Trial("features " + features, problem, plan, seed).holds(new SimdEngine(2));
  }

  @Property(tries = 120, seed = "30")
  void a_query_meets_its_own_list_of_keys(
      @ForAll @IntRange(min = 1, max = 70) int queries,
      @ForAll @IntRange(min = 1, max = 200) int keys,
      @ForAll @IntRange(min = 1, max = 70) int depth,
      @ForAll @IntRange(min = 1, max = 70) int valueDepth,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll int seed,
      @ForAll @IntRange(max = 511) int features) {
    Draw draw = new Draw(seed);
    AttentionProblem problem = problem(draw, group, queries, keys, depth, valueDepth, features);
    new Trial("features " + features, problem, Scattered.lists(draw, problem), seed)
        .holds(new SimdEngine(2));
  }

  private static AttentionProblem problem(
      Draw draw, int group, int queries, int keys, int depth, int valueDepth, int features) {
    int seed = draw.seed();
    boolean paged = (features & 256) != 0;
    int pageSize = PAGES[Math.floorMod(seed, PAGES.length)];
    int pages = Math.ceilDiv(keys, pageSize);
    int positions = paged ? pages * pageSize : keys;
    int keyRows = paged ? pageSize : keys;
    int keyBatches = paged ? 2 * pages : 2;
    ProblemBuilder builder =
        AttentionProblem.of(
            draw.bell(1, 2, 2 * group, queries, depth),
            draw.bell(2, keyBatches, 2, keyRows, depth),
            draw.bell(3, keyBatches, 2, keyRows, valueDepth));
    if (paged) {
      builder.paging(new Paging(table(pages), pageSize)).keyLengths(keys, keys);
    }
    builder.causal((features & 1) != 0);
    if ((features & 2) != 0) {
      builder.window(new Window(seed & 31, seed >>> 5 & 31));
    }
    if ((features & 4) != 0) {
      builder.keyLengths((seed & 0xFFFF) % (keys + 1), (seed >>> 16) % (keys + 1));
    }
    if ((features & 8) != 0) {
      builder.mask(draw.coin(4, KEPT, broadcast(seed >>> 3, 2, 2 * group, queries, positions)));
    }
    if ((features & 16) != 0) {
      int[] shape = broadcast(seed >>> 7, 2, 2 * group, queries, positions);
      Tensor holes = draw.coin(6, 1 - KEPT, shape);
      builder.bias(Draw.planted(draw.bell(5, shape), holes, Double.NEGATIVE_INFINITY));
    }
    if ((features & 32) != 0) {
      builder.softcap(1.5);
    }
    if ((features & 64) != 0) {
      int[] shape = broadcast(seed >>> 11, 2, 2 * group, queries, positions);
      builder.dropout(draw.coin(7, KEPT, shape), 1 - KEPT);
    }
    return builder.build();
  }

  /** Pages of two batch entries, the second's in reverse and the last one shared. */
  private static int[][] table(int pages) {
    int[][] table = new int[2][pages];
    for (int page = 0; page < pages; page++) {
      table[0][page] = page;
      table[1][page] = 2 * pages - 1 - page;
    }
    table[1][pages - 1] = 0;
    return table;
  }

  private static int[] broadcast(int choice, int... extents) {
    int[] shape = extents.clone();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = (choice >>> axis & 1) == 0 ? shape[axis] : 1;
    }
    return shape;
  }

  private static Plan blocks(Draw draw, int queries, int keys, int choice) {
    int[] queryBounds = BlockMask.uniformBounds(queries, 1 + (choice & 63));
    int[] keyBounds = BlockMask.uniformBounds(keys, 1 + (choice >>> 6 & 63));
    boolean[][] table = new boolean[queryBounds.length - 1][keyBounds.length - 1];
    Tensor coin = draw.coin(8, KEPT, table.length, keyBounds.length - 1);
    for (int row = 0; row < table.length; row++) {
      for (int col = 0; col < table[row].length; col++) {
        table[row][col] = coin.at(row, col) != 0;
      }
    }
    return new BlockPlan(BlockMask.of(queryBounds, keyBounds, table));
  }
}
