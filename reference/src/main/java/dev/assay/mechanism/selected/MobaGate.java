package dev.assay.mechanism.selected;

import dev.assay.autograd.Tape;
import dev.assay.mechanism.BlockPools;
import dev.assay.mechanism.RankedChoice;
import dev.assay.mechanism.selected.TopBlocks.Standing;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

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
    this.means = means(problem.k());
  }

  private Tensor means(Tensor keys) {
    return BlockPools.ofKeys(problem, blocks.size()).mean(Ops.constant(new Tape(), keys)).value();
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
    return scores(b, h, i, standing, means, x -> x);
  }

  /** Products of a query and the means of the candidates, both seen through a function. */
  private double[] scores(
      int b, int h, int i, Standing[] standing, Tensor means, DoubleUnaryOperator seen) {
    double[] scores = new double[standing.length];
    int depth = problem.depth();
    int query = problem.queryRow(b, h, i) * depth;
    for (int block = 0; block < scores.length; block++) {
      int mean = means.shape().offset(b, problem.kvHead(h), block, 0);
      for (int c = 0; c < depth && standing[block] == Standing.CANDIDATE; c++) {
        scores[block] += seen.applyAsDouble(problem.q().get(query + c)) * means.get(mean + c);
      }
    }
    return scores;
  }

  /** What is chosen from, laid open; a score takes a mean of keys and a product over channels. */
  RankedChoice ranked(int places, int width) {
    Shape lists = problem.lseShape();
    Tensor sizes = means(Tensor.generate(problem.k().shape(), p -> Math.abs(problem.k().get(p))));
    List<RankedChoice.Row> rows = new ArrayList<>();
    for (int p = 0; p < lists.size(); p++) {
      int[] at = lists.index(p);
      Standing[] standing = standing(at[0], at[2]);
      rows.add(
          TopBlocks.ranked(
              scores(at[0], at[1], at[2], standing),
              standing,
              scores(at[0], at[1], at[2], standing, sizes, Math::abs),
              places));
    }
    int terms = problem.depth() + blocks.size() + 1;
    return new RankedChoice("idx", lists, width, terms, rows);
  }

  /** The scores of the candidates of a row; -inf for all other blocks. */
  double[] candidates(int b, int h, int i) {
    Standing[] standing = standing(b, i);
    return TopBlocks.candidates(scores(b, h, i, standing), standing);
  }
}
