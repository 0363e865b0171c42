package dev.assay.mechanism.selected;

import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.selected.SeerAttentionR.Choice;
import dev.assay.mechanism.selected.SeerAttentionR.OpenBlock;
import dev.assay.mechanism.selected.TopBlocks.Standing;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * What {@link SeerAttentionR} makes of the scores of its gate.
 *
 * @param seer settings
 * @param gate who scores
 * @param blocks of keys
 */
record SeerDecodeChoice(SeerAttentionR seer, SeerDecodeGate gate, KeyBlocks blocks) {
  Selection choose() {
    Tensor z = scores();
    TopBlocks top = new TopBlocks();
    int width = seer.choice() == Choice.BUDGET ? places() + 1 : blocks.count();
    return Selection.choose(
        gate.rows(),
        1,
        blocks,
        Math.min(width, blocks.count()),
        top,
        (b, g, i) -> row(z, top, b, g, i));
  }

  /** The scores that blocks are chosen by, [B, H_kv, n_q, N]. */
  Tensor scores() {
    if (seer.scores() == GateScores.ORACLE) {
      return GateScores.logarithms(gate.target());
    }
    return gate.logits(KeepMask.where(gate.pairs(), x -> isScored(x[0], x[2], x[3]))).value();
  }

  /** The scores of the blocks before a query's own; -inf for all others. */
  double[] candidates(Tensor z, int b, int g, int i) {
    double[] scores = new double[blocks.count()];
    Arrays.setAll(
        scores,
        block -> gate.isEarlier(b, i, block) ? z.at(b, g, i, block) : Double.NEGATIVE_INFINITY);
    return scores;
  }

  private int places() {
    return Math.max(1, seer.budget() / seer.block());
  }

  private boolean competes() {
    return seer.openBlock() == OpenBlock.ZERO_LOGIT;
  }

  private boolean isScored(int b, int i, int block) {
    return gate.isEarlier(b, i, block) || (competes() && isCompleteOwn(b, i, block));
  }

  /** Its own block, of which every token has come. */
  private boolean isCompleteOwn(int b, int i, int block) {
    int end = (block + 1) * seer.block() - 1;
    AttentionProblem problem = blocks.problem();
    return isOwn(b, i, block) && end == blocks.position(b, i) && end < problem.keyLength(b);
  }

  private boolean isOwn(int b, int i, int block) {
    return block == blocks.own(b, i) && blocks.meetsKeys(b, i) && blocks.holdsKeys(b, block);
  }

  private int[] row(Tensor z, TopBlocks top, int b, int g, int i) {
    double[] scores = new double[blocks.count()];
    Standing[] standing = TopBlocks.none(blocks.count());
    int own = -1;
    for (int block = 0; block < scores.length; block++) {
      scores[block] = z.at(b, g, i, block);
      if (gate.isEarlier(b, i, block)) {
        standing[block] = Standing.CANDIDATE;
      } else if (isOwn(b, i, block)) {
        own = block;
        standing[block] = competes() ? Standing.CANDIDATE : Standing.FORCED;
      }
    }
    int[] chosen =
        seer.choice() == Choice.BUDGET
            ? top.pick(scores, standing, places())
            : top.above(probabilities(scores, standing), standing, seer.threshold());
    return own >= 0 && Arrays.binarySearch(chosen, own) < 0 ? with(chosen, own) : chosen;
  }

  /** Softmax over the blocks that compete. */
  private static double[] probabilities(double[] scores, Standing[] standing) {
    Standing[] competing = standing.clone();
    for (int block = 0; block < competing.length; block++) {
      if (competing[block] == Standing.FORCED) {
        competing[block] = Standing.NO;
      }
    }
    return TopBlocks.softmax(scores, competing);
  }

  private static int[] with(int[] chosen, int block) {
    int[] more = Arrays.copyOf(chosen, chosen.length + 1);
    more[chosen.length] = block;
    Arrays.sort(more);
    return more;
  }
}
