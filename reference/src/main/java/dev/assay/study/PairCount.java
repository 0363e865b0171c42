package dev.assay.study;

import dev.assay.mechanism.KeepMask;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import dev.assay.plan.RecurrentPlan;
import java.util.BitSet;
import java.util.List;

/**
 * How many query-key pairs an attention meets: what operations are counted from. A pair counts if
 * the plan lists it and the problem's lengths, frontier, window and boolean mask allow it.
 */
public final class PairCount {
  private final AttentionProblem problem;

  private PairCount(AttentionProblem problem) {
    this.problem = problem;
  }

  /** Pairs of all batch entries and query heads. */
  public static double of(Branch work) {
    AttentionProblem problem = work.problem();
    double pairs = 0;
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        for (int i = 0; i < problem.queries(); i++) {
          pairs += ofRow(work, b, h, i);
        }
      }
    }
    return pairs;
  }

  /** Pairs of one query. */
  public static long ofRow(Branch work, int b, int h, int i) {
    PairCount count = new PairCount(work.problem());
    return switch (work.plan()) {
      case DensePlan _ -> count.within(b, h, i, 0, work.problem().keys());
      case BlockPlan block -> count.blocks(block.mask(), b, h, i);
      case ChunkPlan chunk -> count.chunks(chunk, b, h, i);
      case GatherPlan gather -> count.listed(gather, b, h, i);
      case MergePlan merge -> merge.branches().stream().mapToLong(s -> ofRow(s, b, h, i)).sum();
      case FeaturePlan _, RecurrentPlan _ -> 0;
    };
  }

  /** Whether a plan has pairs at all; features and recurrences go through a state instead. */
  public static boolean has(Plan plan) {
    return switch (plan) {
      case FeaturePlan _, RecurrentPlan _ -> false;
      case MergePlan merge -> merge.branches().stream().anyMatch(branch -> has(branch.plan()));
      default -> true;
    };
  }

  /** Keys from {@code first} to {@code end - 1} that the problem allows. */
  private long within(int b, int h, int i, int first, int end) {
    int[] range = problem.keyRange(b, i);
    int from = Math.max(range[0], first);
    int to = Math.min(range[1], end);
    if (problem.mask() == null) {
      return Math.max(to - from, 0);
    }
    long kept = 0;
    for (int j = from; j < to; j++) {
      kept += KeepMask.exists(problem, b, h, i, j) ? 1 : 0;
    }
    return kept;
  }

  private long blocks(BlockMask mask, int b, int h, int i) {
    BlockRows rows = mask.rows(b, h, problem.heads());
    int row = mask.queryBlock(i);
    long pairs = 0;
    for (int e = rows.rowPtr()[row]; e < rows.rowPtr()[row + 1]; e++) {
      int first = mask.keyBound(rows.colIdx()[e]);
      int end = mask.keyBound(rows.colIdx()[e] + 1);
      List<BitSet> bits = rows.bits() == null ? List.of() : List.of(rows.bits());
      BitSet kept = bits.isEmpty() ? null : bits.get(e);
      if (kept == null) {
        pairs += within(b, h, i, first, end);
        continue;
      }
      int at = (i - mask.queryBound(row)) * (end - first) - first;
      for (int j = first; j < end; j++) {
        pairs += kept.get(at + j) ? within(b, h, i, j, j + 1) : 0;
      }
    }
    return pairs;
  }

  private long chunks(ChunkPlan plan, int b, int h, int i) {
    int chunk = i / plan.size();
    long pairs = plan.own() ? chunk(plan, b, h, i, chunk) : 0;
    for (int other : plan.neighbours(b, h, problem.heads(), chunk)) {
      pairs += chunk(plan, b, h, i, other);
    }
    return pairs;
  }

  private long chunk(ChunkPlan plan, int b, int h, int i, int chunk) {
    return within(b, h, i, chunk * plan.size(), (chunk + 1) * plan.size());
  }

  private long listed(GatherPlan plan, int b, int h, int i) {
    int row = (b * problem.heads() + h) * problem.queries() + i;
    long pairs = 0;
    for (int e = plan.rowPtr()[row]; e < plan.rowPtr()[row + 1]; e++) {
      pairs += within(b, h, i, plan.keys()[e], plan.keys()[e] + 1);
    }
    return pairs;
  }
}
