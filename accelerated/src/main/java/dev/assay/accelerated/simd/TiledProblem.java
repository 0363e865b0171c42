package dev.assay.accelerated.simd;

import dev.assay.pattern.BlockMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.ChunkPlan;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Plan;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A problem and its plan, cut into tiles: what forward and backward have in common. */
final class TiledProblem {
  private final AttentionProblem problem;
  private final List<Span> spans;
  private final KeyRanges ranges;
  private final @Nullable BlockMask blocks;
  private final TileMap[][] maps;

  TiledProblem(AttentionProblem problem, Plan plan) {
    this.problem = problem;
    this.spans = Span.of(problem);
    this.ranges = KeyRanges.of(problem);
    this.blocks = blocks(problem, plan);
    this.maps = new TileMap[spans.size()][];
    for (Span span : spans) {
      maps[span.index()] = maps(span);
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

  /** One map for all heads, or one for each. */
  private TileMap[] maps(Span span) {
    Reach reach = Reach.of(span, ranges);
    if (blocks == null) {
      return new TileMap[] {new RangeTiles(span, reach)};
    }
    TileMap[] byHead = new TileMap[blocks.maps() == 1 ? 1 : problem.heads()];
    TileLister lister = new TileLister(span, reach, blocks);
    for (int h = 0; h < byHead.length; h++) {
      byHead[h] = lister.list(blocks.rows(span.batch(), h, problem.heads()));
    }
    return byHead;
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

  /** Which tiles meet under a query head. */
  TileMap map(Span span, int h) {
    TileMap[] byHead = maps[span.index()];
    return byHead[byHead.length == 1 ? 0 : h];
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
