package dev.assay.plan;

import static dev.assay.check.Require.argument;

import dev.assay.pattern.BlockMask;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** The rules that a plan and the problem it is run on keep together. */
public final class PlanRules {
  private PlanRules() {}

  /**
   * Checks that the plan's lists, maps and tensors fit the problem.
   *
   * @throws IllegalArgumentException with one sentence, if they do not
   */
  public static void check(AttentionProblem problem, Plan plan) {
    switch (plan) {
      case DensePlan dense -> {}
      case FeaturePlan feature -> {}
      case BlockPlan block -> blocks(problem, block.mask());
      case ChunkPlan chunk -> chunks(problem, chunk);
      case GatherPlan gather -> lists(problem, gather);
      case RecurrentPlan recurrent -> recurrence(problem, recurrent);
      case MergePlan merge -> {
        for (Branch branch : merge.branches()) {
          check(branch.problem(), branch.plan());
        }
      }
    }
  }

  private static void blocks(AttentionProblem problem, BlockMask mask) {
    int queries = mask.queryBound(mask.queryBlocks());
    int keys = mask.keyBound(mask.keyBlocks());
    argument(
        queries == problem.queries() && keys == problem.keys(),
        "the block mask covers %d queries and %d keys, but the problem has %d and %d",
        queries,
        keys,
        problem.queries(),
        problem.keys());
    maps(problem, mask.maps(), "the block mask");
  }

  private static void chunks(AttentionProblem problem, ChunkPlan plan) {
    maps(problem, plan.neighbours().size(), "the chunk plan");
    int chunks = Math.ceilDiv(problem.queries(), plan.size());
    for (var map : plan.neighbours()) {
      argument(
          map.size() >= chunks,
          "the chunk plan lists neighbours of %d chunks, but %d queries make %d chunks of %d",
          map.size(),
          problem.queries(),
          chunks,
          plan.size());
    }
  }

  private static void maps(AttentionProblem problem, int maps, String what) {
    int heads = problem.heads();
    argument(
        maps == 1 || maps == heads || maps == problem.batches() * heads,
        "%s has %d maps for a batch of %d with %d heads: 1, %d or %d are needed",
        what,
        maps,
        problem.batches(),
        heads,
        heads,
        problem.batches() * heads);
  }

  private static void lists(AttentionProblem problem, GatherPlan plan) {
    argument(
        plan.rowPtr().length == problem.lseShape().size() + 1,
        "the gather plan has %d rows, but the problem has %d: one for each batch entry, head and query",
        plan.rowPtr().length - 1,
        problem.lseShape().size());
    for (int key : plan.keys()) {
      argument(
          key < problem.keys(),
          "the gather plan lists key %d: the problem has %d keys",
          key,
          problem.keys());
    }
  }

  private static void recurrence(AttentionProblem problem, RecurrentPlan plan) {
    Shape steps = Shape.of(problem.batches(), problem.kvHeads(), problem.queries());
    shape(plan.beta(), "beta", steps);
    shape(
        plan.decay(),
        "decay",
        Shape.of(steps.extent(0), steps.extent(1), steps.extent(2), problem.depth()));
  }

  private static void shape(@Nullable Tensor tensor, String name, Shape wanted) {
    argument(
        tensor == null || tensor.shape().equals(wanted),
        "%s has shape %s: %s is needed",
        name,
        tensor == null ? "none" : tensor.shape(),
        wanted);
  }
}
