package dev.assay.accelerated.tornado;

import dev.assay.accelerated.simd.Draw;
import dev.assay.accelerated.simd.Trial;
import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Paging;
import dev.assay.plan.Plan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.plan.Ragged;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import net.jqwik.api.ForAll;
import net.jqwik.api.Property;
import net.jqwik.api.constraints.IntRange;
import net.jqwik.api.lifecycle.BeforeContainer;

/**
 * Shapes, predicates, plans and numbers in combinations that nobody thought of, forward and
 * backward, against the scalar engine. A failure names the seed; jqwik makes it smaller.
 */
class TornadoRandomProperties {
  private static final double KEPT = 0.7;

  @BeforeContainer
  static void device() {
    TestDevice.demand();
  }

  @Property(tries = 3000, seed = "31")
  void every_element_is_within_its_bound(
      @ForAll @IntRange(min = 1, max = 80) int queries,
      @ForAll @IntRange(min = 1, max = 80) int keys,
      @ForAll @IntRange(min = 1, max = 40) int depth,
      @ForAll @IntRange(min = 1, max = 40) int valueDepth,
      @ForAll @IntRange(min = 1, max = 3) int group,
      @ForAll int seed,
      @ForAll @IntRange(max = 255) int features) {
    Draw draw = new Draw(seed);
    ProblemBuilder builder =
        AttentionProblem.of(
            draw.bell(1, 2, 2 * group, queries, depth),
            draw.bell(2, 2, 2, keys, depth),
            draw.bell(3, 2, 2, keys, valueDepth));
    builder.causal((features & 1) != 0);
    if ((features & 2) != 0) {
      builder.window(new Window(seed & 31, seed >>> 5 & 31));
    }
    if ((features & 4) != 0) {
      builder.keyLengths((seed & 0xFFFF) % (keys + 1), (seed >>> 16) % (keys + 1));
    }
    if ((features & 8) != 0) {
      builder.mask(draw.coin(4, KEPT, broadcast(seed >>> 3, 2, 2 * group, queries, keys)));
    }
    if ((features & 16) != 0) {
      int[] shape = broadcast(seed >>> 7, 2, 2 * group, queries, keys);
      Tensor holes = draw.coin(6, 1 - KEPT, shape);
      builder.bias(Draw.planted(draw.bell(5, shape), holes, Double.NEGATIVE_INFINITY));
    }
    if ((features & 32) != 0) {
      builder.softcap(1.5);
    }
    if ((features & 64) != 0) {
      int[] shape = broadcast(seed >>> 11, 2, 2 * group, queries, keys);
      builder.dropout(draw.coin(7, KEPT, shape), 1 - KEPT);
    }
    Plan plan =
        (features & 128) != 0
            ? blocks(draw, queries, keys, maps(seed, 2 * group), seed >>> 13)
            : new DensePlan();
    new Trial("features " + features, builder.build(), plan, seed).holds(TestDevice.ENGINE);
  }

  private static int maps(int choice, int heads) {
    return (choice & 3) == 0 ? 1 : (choice & 3) == 1 ? heads : 2 * heads;
  }

  private static int[] broadcast(int choice, int... extents) {
    int[] shape = extents.clone();
    for (int axis = 0; axis < shape.length; axis++) {
      shape[axis] = (choice >>> axis & 1) == 0 ? shape[axis] : 1;
    }
    return shape;
  }

  private static Plan blocks(Draw draw, int queries, int keys, int maps, int choice) {
    int[] queryBounds = BlockMask.uniformBounds(queries, 1 + (choice & 63));
    int[] keyBounds = BlockMask.uniformBounds(keys, 1 + (choice >>> 6 & 63));
    Tensor coin = draw.coin(8, KEPT, maps, queryBounds.length - 1, keyBounds.length - 1);
    boolean[][][] tables = new boolean[maps][queryBounds.length - 1][keyBounds.length - 1];
    for (int p = 0; p < coin.size(); p++) {
      int[] at = coin.shape().index(p);
      tables[at[0]][at[1]][at[2]] = coin.get(p) != 0;
    }
    return new BlockPlan(BlockMask.of(queryBounds, keyBounds, tables));
  }

  @Property(tries = 800, seed = "32")
  void few_queries_against_pages(
      @ForAll @IntRange(min = 1, max = 4) int queries,
      @ForAll @IntRange(min = 1, max = 9) int pageSize,
      @ForAll @IntRange(min = 1, max = 9) int perRow,
      @ForAll @IntRange(min = 1, max = 4) int group,
      @ForAll @IntRange(min = 1, max = 70) int depth,
      @ForAll boolean causal,
      @ForAll int seed) {
    Draw draw = new Draw(seed);
    int pool = 2 * perRow + 1;
    int[][] table = new int[2][perRow];
    for (int p = 0; p < 2 * perRow; p++) {
      table[p / perRow][p % perRow] = Math.floorMod(seed / 7 + 5 * p, pool);
    }
    int positions = pageSize * perRow;
    int first = Math.floorMod(seed, positions + 1);
    // Behind the last page a row may hold anything.
    for (int p = Math.ceilDiv(first, pageSize); p < perRow; p++) {
      table[0][p] = -99;
    }
    AttentionProblem problem =
        AttentionProblem.of(
                draw.bell(1, 2, 2 * group, queries, depth),
                draw.bell(2, pool, 2, pageSize, depth),
                draw.bell(3, pool, 2, pageSize, depth + 3))
            .paging(new Paging(table, pageSize))
            .keyLengths(first, positions)
            .causal(causal)
            .build();
    new Trial("pages", problem, new DensePlan(), seed).holds(TestDevice.ENGINE);
  }

  @Property(tries = 500, seed = "33")
  void sequences_of_different_lengths(
      @ForAll @IntRange(max = 40) int firstQueries,
      @ForAll @IntRange(min = 1, max = 40) int secondQueries,
      @ForAll @IntRange(max = 40) int firstKeys,
      @ForAll @IntRange(min = 1, max = 40) int secondKeys,
      @ForAll boolean causal,
      @ForAll @IntRange(min = 1, max = 33) int chunk,
      @ForAll int seed) {
    Draw draw = new Draw(seed);
    int queries = firstQueries + secondQueries;
    int keys = firstKeys + secondKeys;
    Ragged packing =
        new Ragged(
            new int[] {0, firstQueries, queries, queries}, new int[] {0, firstKeys, keys, keys});
    AttentionProblem problem =
        AttentionProblem.of(
                draw.bell(1, 1, 4, queries, 16),
                draw.bell(2, 1, 2, keys, 16),
                draw.bell(3, 1, 2, keys, 9))
            .ragged(packing)
            .causal(causal)
            .build();
    Plan plan = (seed & 1) == 0 ? new DensePlan() : chunks(queries, chunk, seed);
    new Trial("ragged", problem, plan, seed).holds(TestDevice.ENGINE);
  }

  private static ChunkPlan chunks(int queries, int size, int choice) {
    List<int[]> neighbours = new ArrayList<>();
    int count = Math.ceilDiv(queries, size);
    for (int chunk = 0; chunk < count; chunk++) {
      int other = Math.floorMod(choice + 3 * chunk, count);
      neighbours.add(other == chunk ? new int[] {} : new int[] {other});
    }
    return new ChunkPlan(size, (choice & 2) != 0, List.of(neighbours));
  }

  @Property(tries = 500, seed = "34")
  void huge_equal_and_absent_logits(
      @ForAll @IntRange(min = 1, max = 70) int queries,
      @ForAll @IntRange(min = 1, max = 70) int keys,
      @ForAll @IntRange(min = -90, max = 90) int offset,
      @ForAll @IntRange(max = 8) int loud,
      @ForAll boolean equal,
      @ForAll int seed) {
    Draw draw = new Draw(seed);
    Tensor k = draw.shifted(2, Draw.UNIT + loud, 1, 2, equal ? 1 : keys, 16);
    if (equal) {
      Tensor one = k;
      k = Tensor.generate(Shape.of(1, 2, keys, 16), p -> one.get(p % 16));
    }
    AttentionProblem problem =
        AttentionProblem.of(
                draw.shifted(1, Draw.UNIT + loud, 1, 2, queries, 16),
                k,
                draw.bell(3, 1, 2, keys, 16))
            .causal(true)
            .offset(offset)
            .build();
    new Trial("loud " + loud, problem, new DensePlan(), seed).holds(TestDevice.ENGINE);
  }

  @Property(tries = 400, seed = "35")
  void branches_are_joined(
      @ForAll @IntRange(min = 1, max = 60) int queries,
      @ForAll @IntRange(min = 1, max = 60) int near,
      @ForAll @IntRange(min = 1, max = 60) int far,
      @ForAll boolean gated,
      @ForAll int seed) {
    Draw draw = new Draw(seed);
    Tensor q = draw.bell(1, 1, 2, queries, 12);
    AttentionProblem first =
        AttentionProblem.of(q, draw.bell(2, 1, 2, near, 12), draw.bell(3, 1, 2, near, 10))
            .causal(true)
            .build();
    AttentionProblem second =
        AttentionProblem.of(q, draw.bell(4, 1, 1, far, 12), draw.bell(5, 1, 1, far, 10))
            .causal(true)
            .offset(seed % 40)
            .build();
    MergePlan plan =
        new MergePlan(
            List.of(
                new Branch(first, new DensePlan()),
                new Branch(second, chunks(queries, 1 + (seed & 15), seed))),
            gated ? draw.bell(6, 2, 1, 2, queries) : null);
    new Trial("merge", first, plan, seed).holds(TestDevice.ENGINE);
  }
}
