package dev.assay.accelerated.simd;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Plan;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A problem and its plan, cut into tiles: what forward and backward have in common. */
final class TiledProblem {
  private final AttentionProblem problem;
  private final List<Span> spans;
  private final KeyRanges ranges;
  private final @Nullable BlockMask blocks;
  private final List<BlockMask> maps = new ArrayList<>();

  TiledProblem(AttentionProblem problem, Plan plan) {
    this.problem = problem;
    this.spans = Span.of(problem);
    this.ranges = KeyRanges.of(problem);
    this.blocks = blocks(problem, plan);
    for (Span span : spans) {
      maps.add(TileMap.of(span, ranges, blocks, problem.heads()));
    }
  }

  private static @Nullable BlockMask blocks(AttentionProblem problem, Plan plan) {
    return switch (plan) {
      case DensePlan dense -> null;
      case BlockPlan block -> block.mask();
      case ChunkPlan chunk -> ChunkBlocks.of(problem, chunk);
      default -> throw new IllegalStateException("a " + plan.kind() + " plan has no tiles");
    };
  }

  AttentionProblem problem() {
    return problem;
  }

  List<Span> spans() {
    return spans;
  }

  KeepBits keepBits() {
    return new KeepBits(problem, ranges, blocks);
  }

  /** For each query tile the key tiles that it meets. */
  BlockRows keyTiles(Span span, int h) {
    return maps.get(span.index()).rows(0, h, problem.heads());
  }

  /** For each key tile the query tiles that it meets. */
  BlockRows queryTiles(Span span, int h) {
    return maps.get(span.index()).transposed(0, h, problem.heads());
  }

  /** Rows of a tensor shaped like q or out. */
  Rows ofQueries(float[] values, int width) {
    return Rows.ofQueries(problem, values, width);
  }

  /** Rows of k or v. */
  Rows ofKeys(float[] values, int width) {
    return Rows.ofKeys(problem, values, width);
  }
}
