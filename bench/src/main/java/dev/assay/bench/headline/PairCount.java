package dev.assay.bench.headline;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.plan.Plan;
import java.util.function.IntUnaryOperator;

/**
 * How many query-key pairs of all heads an attention meets: what operations are counted from.
 * Causal problems are counted on the pairs up to the diagonal.
 */
final class PairCount {
  private PairCount() {}

  /** Pairs of a problem without mask, bias, window and lengths, on a plan with lists of keys. */
  static double of(Branch work) {
    AttentionProblem p = work.problem();
    Plan plan = work.plan();
    return switch (plan) {
      case DensePlan dense -> p.batches() * p.heads() * rectangle(p, 0, p.queries(), 0, p.keys());
      case BlockPlan block -> blocks(p, block.mask());
      case ChunkPlan chunk -> chunks(p, chunk);
      default -> throw new IllegalArgumentException("pairs of a " + plan.kind() + " plan");
    };
  }

  private static double blocks(AttentionProblem p, BlockMask mask) {
    double pairs = 0;
    for (int b = 0; b < p.batches(); b++) {
      for (int h = 0; h < p.heads(); h++) {
        BlockRows rows = mask.rows(b, h, p.heads());
        for (int row = 0; row < mask.queryBlocks(); row++) {
          for (int e = rows.rowPtr()[row]; e < rows.rowPtr()[row + 1]; e++) {
            int col = rows.colIdx()[e];
            pairs +=
                rectangle(
                    p,
                    mask.queryBound(row),
                    mask.queryBound(row + 1),
                    mask.keyBound(col),
                    mask.keyBound(col + 1));
          }
        }
      }
    }
    return pairs;
  }

  private static double chunks(AttentionProblem p, ChunkPlan plan) {
    int chunks = Math.ceilDiv(p.queries(), plan.size());
    IntUnaryOperator bound = chunk -> Math.min(chunk * plan.size(), p.keys());
    double pairs = 0;
    for (int b = 0; b < p.batches(); b++) {
      for (int h = 0; h < p.heads(); h++) {
        for (int chunk = 0; chunk < chunks; chunk++) {
          pairs += plan.own() ? met(p, bound, chunk, chunk) : 0;
          for (int other : plan.neighbours(b, h, p.heads(), chunk)) {
            pairs += met(p, bound, chunk, other);
          }
        }
      }
    }
    return pairs;
  }

  private static double met(AttentionProblem p, IntUnaryOperator bound, int chunk, int other) {
    return rectangle(
        p,
        bound.applyAsInt(chunk),
        bound.applyAsInt(chunk + 1),
        bound.applyAsInt(other),
        bound.applyAsInt(other + 1));
  }

  private static double rectangle(AttentionProblem p, int i0, int i1, int j0, int j1) {
    if (!p.causal()) {
      return (double) (i1 - i0) * (j1 - j0);
    }
    double pairs = 0;
    for (int i = i0; i < i1; i++) {
      pairs += Math.clamp((long) i + p.offset(0) + 1 - j0, 0, j1 - j0);
    }
    return pairs;
  }
}
