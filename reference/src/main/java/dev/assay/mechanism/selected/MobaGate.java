package dev.assay.mechanism.selected;

import dev.assay.autograd.Tape;
import dev.assay.mechanism.BlockPools;
import dev.assay.mechanism.selected.TopBlocks.Standing;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;

/**
 * The gate of {@link Moba}: {@code s_iJ = q_i . mean of the valid keys of J}, without a scale. It
 * is looked at by value, so that no gradient flows into a mean.
 */
final class MobaGate {
  private final KeyBlocks blocks;
  private final AttentionProblem problem;
  private final boolean causal;
  private final Tensor means;

  MobaGate(KeyBlocks blocks, boolean causal) {
    this.blocks = blocks;
    this.problem = blocks.problem();
    this.causal = causal;
    BlockPools pools = BlockPools.ofKeys(problem, blocks.size());
    this.means = pools.mean(Ops.constant(new Tape(), problem.k())).value();
  }

  /**
   * Chooses for every query of every head.
   *
   * @param places blocks that a query meets, its own included
   */
  Selection choose(int places, int width) {
    TopBlocks top = new TopBlocks();
    return Selection.choose(
        problem.lseShape(),
        1,
        blocks,
        width,
        top,
        (b, h, i) -> {
          Standing[] standing = standing(b, i);
          return top.pick(scores(b, h, i, standing), standing, places);
        });
  }

  /** Its own block is forced, and earlier blocks are candidates; without causality all are. */
  private Standing[] standing(int b, int i) {
    Standing[] standing = TopBlocks.none(blocks.count());
    int own = blocks.own(b, i);
    for (int block = 0; block < standing.length && blocks.meetsKeys(b, i); block++) {
      if (blocks.holdsKeys(b, block)) {
        standing[block] =
            !causal || block < own
                ? Standing.CANDIDATE
                : block == own ? Standing.FORCED : Standing.NO;
      }
    }
    return standing;
  }

  private double[] scores(int b, int h, int i, Standing[] standing) {
    double[] scores = new double[standing.length];
    int depth = problem.depth();
    int query = problem.queryRow(b, h, i) * depth;
    for (int block = 0; block < scores.length; block++) {
      int mean = means.shape().offset(b, problem.kvHead(h), block, 0);
      for (int c = 0; c < depth && standing[block] == Standing.CANDIDATE; c++) {
        scores[block] += problem.q().get(query + c) * means.get(mean + c);
      }
    }
    return scores;
  }

  /** The scores of the candidates of a row; -inf for all other blocks. */
  double[] candidates(int b, int h, int i) {
    Standing[] standing = standing(b, i);
    return TopBlocks.candidates(scores(b, h, i, standing), standing);
  }
}
