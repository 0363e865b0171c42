package dev.assay.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.pattern.BlockMask;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.RecurrentPlan.Rule;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** Every rule of a plan, alone and beside a problem, refuses with its one sentence. */
class PlanRulesTest {
  private static Tensor zeros(int... extents) {
    return Tensor.zeros(Shape.of(extents));
  }

  /** Batch 3, 2 heads, 4 tokens, 2 channels. */
  private static AttentionProblem problem() {
    Tensor x = zeros(3, 2, 4, 2);
    return AttentionProblem.of(x, x, x).build();
  }

  private static Arguments refused(String sentence, Plan plan) {
    return Arguments.of(sentence, (Executable) () -> PlanRules.check(problem(), plan));
  }

  private static Arguments alone(String sentence, Executable build) {
    return Arguments.of(sentence, build);
  }

  private static BlockPlan blocks(int n, int maps) {
    boolean[][][] tables = new boolean[maps][2][2];
    int[] bounds = BlockMask.uniformBounds(n, 2);
    return new BlockPlan(BlockMask.of(bounds, bounds, tables));
  }

  private static List<List<int[]>> loners(int maps, int chunks) {
    return Collections.nCopies(maps, Collections.nCopies(chunks, new int[0]));
  }

  private static GatherPlan gather(int rows, int... keys) {
    int[] rowPtr = new int[rows + 1];
    Arrays.fill(rowPtr, 1, rows + 1, keys.length);
    int[] once = new int[keys.length];
    Arrays.fill(once, 1);
    return new GatherPlan(rowPtr, keys, once);
  }

  static Stream<Arguments> besideAProblem() {
    return Stream.of(
        refused(
            "the block mask covers 3 queries and 3 keys, but the problem has 4 and 4",
            blocks(3, 1)),
        refused(
            "the block mask has 4 maps for a batch of 3 with 2 heads: 1, 2 or 6 are needed",
            blocks(4, 4)),
        refused(
            "the chunk plan has 3 maps for a batch of 3 with 2 heads: 1, 2 or 6 are needed",
            new ChunkPlan(2, true, loners(3, 2))),
        refused(
            "the chunk plan lists neighbours of 1 chunks, but 4 queries make 2 chunks of 2",
            new ChunkPlan(2, true, loners(1, 1))),
        refused(
            "the gather plan has 5 rows, but the problem has 24: one for each batch entry, head and query",
            gather(5, 0)),
        refused("the gather plan lists key 4: the problem has 4 keys", gather(24, 0, 4)),
        refused(
            "beta has shape [3, 2, 3]: [3, 2, 4] is needed",
            new RecurrentPlan(Rule.DELTA, null, zeros(3, 2, 3))),
        refused(
            "decay has shape [3, 2, 4]: [3, 2, 4, 2] is needed",
            new RecurrentPlan(Rule.GATED, zeros(3, 2, 4), null)),
        refused(
            "the gather plan lists key 9: the problem has 4 keys",
            new MergePlan(List.of(new Branch(problem(), gather(24, 9))), null)));
  }

  static Stream<Arguments> byThemselves() {
    int[] once = {1, 1};
    Branch branch = new Branch(problem(), new DensePlan());
    Tensor x = zeros(3, 2, 5, 2);
    Branch longer = new Branch(AttentionProblem.of(x, x, x).build(), new DensePlan());
    return Stream.of(
        alone("chunk size is 0: it must be at least 1", () -> new ChunkPlan(0, true, loners(1, 1))),
        alone(
            "a chunk plan needs at least one map of neighbours",
            () -> new ChunkPlan(2, true, List.of())),
        alone(
            "chunk 1 lists neighbour 1: neighbours ascend, exist and are not the chunk itself",
            () -> new ChunkPlan(2, true, List.of(List.of(new int[0], new int[] {1})))),
        alone(
            "chunk 0 lists neighbour 2: neighbours ascend, exist and are not the chunk itself",
            () -> new ChunkPlan(2, true, List.of(List.of(new int[] {2}, new int[0])))),
        alone(
            "rowPtr must begin with 0",
            () -> new GatherPlan(new int[] {1, 2}, new int[] {0, 1}, once)),
        alone(
            "rowPtr ends with 1, but there are 2 keys and 2 counts",
            () -> new GatherPlan(new int[] {0, 1}, new int[] {0, 1}, once)),
        alone(
            "rowPtr goes from 2 to 1 at row 1: it must not fall nor pass the 2 keys",
            () -> new GatherPlan(new int[] {0, 2, 1, 2}, new int[] {0, 1}, once)),
        alone(
            "row 0 does not list its keys ascending and once",
            () -> new GatherPlan(new int[] {0, 2}, new int[] {1, 1}, once)),
        alone(
            "row 0 lists key 1 0 times: at least once",
            () -> new GatherPlan(new int[] {0, 2}, new int[] {0, 1}, new int[] {1, 0})),
        alone(
            "guard is -0.5: it must be a finite number of at least 0", () -> new FeaturePlan(-0.5)),
        alone(
            "the rule GATED wants a decay and has no place for a beta, but decay is missing and beta is missing",
            () -> new RecurrentPlan(Rule.GATED, null, null)),
        alone("a merge plan needs at least one branch", () -> new MergePlan(List.of(), null)),
        alone(
            "branches give outputs of shapes [3, 2, 4, 2] and [3, 2, 5, 2]: they must agree",
            () -> new MergePlan(List.of(branch, longer), null)),
        alone(
            "a branch is itself a merge: flatten it",
            () ->
                new MergePlan(
                    List.of(new Branch(problem(), new MergePlan(List.of(branch), null))), null)),
        alone(
            "gates have shape [3, 2, 4]: [1, 3, 2, 4] is needed",
            () -> new MergePlan(List.of(branch), zeros(3, 2, 4))));
  }

  @ParameterizedTest
  @MethodSource({"besideAProblem", "byThemselves"})
  void refuses(String sentence, Executable check) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, check);
    assertEquals(sentence, refusal.getMessage());
  }
}
