package dev.assay.mechanism.selected;

import dev.assay.mechanism.selected.NativeSparseAttention.Forced;
import dev.assay.mechanism.selected.NativeSparseAttention.Padding;
import dev.assay.mechanism.selected.NativeSparseAttention.Scores;
import dev.assay.mechanism.selected.TopBlocks.Standing;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * What the attention to compressed windows says about the blocks of {@link NativeSparseAttention},
 * by value: no gradient reaches it from a choice.
 *
 * @param nsa sizes and readings
 * @param windows which windows a query sees
 * @param blocks blocks of the selected branch
 * @param q queries of the compressed branch
 * @param k memory and compressed keys
 */
record NsaScores(
    NativeSparseAttention nsa, NsaCompression windows, KeyBlocks blocks, Tensor q, Tensor k) {
  /** A block with less probability than this is not selected, in the code of lucidrains. */
  private static final double FLOOR = 1e-10;

  /** The logit that stands beside the blocks there. */
  private static final double SINK = -1e3;

  Selection choose() {
    TopBlocks top = new TopBlocks();
    AttentionProblem problem = blocks.problem();
    Shape rows = Shape.of(problem.batches(), problem.kvHeads(), problem.queries());
    int forced = nsa.initial() + nsa.local();
    int most = Math.min(nsa.topN(), blocks.count());
    int places = nsa.forced() == Forced.BESIDES ? most + forced : most;
    return Selection.choose(
        rows,
        1,
        blocks,
        Math.min(places, blocks.count()),
        top,
        (b, g, i) -> {
          Standing[] standing = standing(b, i);
          double[] scores = scores(b, g, i, standing);
          int taken = nsa.forced() == Forced.BESIDES ? most + forced(standing) : most;
          return top.pick(scores, standing, taken);
        });
  }

  /** The scores of the blocks that a query of a group may select; -inf for all others. */
  double[] candidates(int b, int g, int i) {
    Standing[] standing = standing(b, i);
    double[] scores = scores(b, g, i, standing);
    return TopBlocks.candidates(scores, standing);
  }

  private static int forced(Standing[] standing) {
    return (int) Arrays.stream(standing).filter(one -> one == Standing.FORCED).count();
  }

  private Standing[] standing(int b, int i) {
    Standing[] standing = TopBlocks.none(blocks.count());
    int own = blocks.own(b, i);
    for (int block = 0; block < standing.length && blocks.meetsKeys(b, i); block++) {
      if (blocks.holdsKeys(b, block) && (!nsa.causal() || block <= own)) {
        standing[block] = isForced(block, own) ? Standing.FORCED : Standing.CANDIDATE;
      }
    }
    return standing;
  }

  boolean isForced(int block, int own) {
    return block < nsa.initial() || (block <= own && block > own - nsa.local());
  }

  private double[] scores(int b, int g, int i, Standing[] standing) {
    if (nsa.scores() == Scores.LOGITS) {
      return byLogits(b, g, i, standing);
    }
    int memory = windows.memory();
    int group = group();
    double[] p = new double[windows.windows()];
    for (int h = g * group; h < (g + 1) * group; h++) {
      double[] row = TopBlocks.softmax(logits(b, h, i));
      for (int c = 0; c < p.length; c++) {
        p[c] += row[memory + c];
      }
    }
    double[] scores = new double[standing.length];
    for (int block = 0; block < scores.length; block++) {
      scores[block] = overlapping(nsa, p, block);
    }
    return scores;
  }

  private int group() {
    return blocks.problem().heads() / blocks.problem().kvHeads();
  }

  /** {@code sum_m sum_n p[(l'/d) j + m - n]}; windows that do not exist count 0. */
  static double overlapping(NativeSparseAttention nsa, double[] p, int block) {
    int perBlock = nsa.selectBlock() / nsa.compressStride();
    int perWindow = nsa.compressBlock() / nsa.compressStride();
    boolean literal = nsa.scores() == Scores.LITERAL;
    // Windows that begin before the first token are numbered by their end.
    int side = nsa.padding() == Padding.LEFT && !literal ? 1 : -1;
    double sum = 0;
    for (int m = 0; m < perBlock; m++) {
      for (int n = 0; n < perWindow; n++) {
        long window = (long) block * perBlock + (literal ? -m : m) + (long) side * n;
        sum += window >= 0 && window < p.length ? p[(int) window] : 0;
      }
    }
    return sum;
  }

  /** scale q . k of the slots that a query sees, -inf elsewhere. */
  private double[] logits(int b, int h, int i) {
    AttentionProblem problem = blocks.problem();
    int slots = k.shape().extent(2);
    int depth = q.shape().extent(3);
    int query = q.shape().offset(b, h, i, 0);
    int memory = windows.memory();
    double[] logits = new double[slots];
    for (int slot = 0; slot < slots; slot++) {
      if (slot >= memory && !windows.sees(b, blocks.position(b, i), slot - memory)) {
        logits[slot] = Double.NEGATIVE_INFINITY;
        continue;
      }
      int key = k.shape().offset(b, problem.kvHead(h), slot, 0);
      for (int c = 0; c < depth; c++) {
        logits[slot] += q.get(query + c) * k.get(key + c);
      }
      logits[slot] *= problem.scale();
    }
    return logits;
  }

  /** A block whose windows are not all seen, or that is the query's own, is no candidate. */
  private double[] byLogits(int b, int g, int i, Standing[] standing) {
    int perBlock = nsa.selectBlock() / nsa.compressStride();
    double[] means = new double[standing.length + 1];
    Arrays.fill(means, Double.NEGATIVE_INFINITY);
    means[standing.length] = SINK;
    int group = group();
    double[] sums = new double[windows.windows()];
    for (int h = g * group; h < (g + 1) * group; h++) {
      double[] row = logits(b, h, i);
      for (int c = 0; c < sums.length; c++) {
        sums[c] += row[windows.memory() + c] / group;
      }
    }
    for (int block = 0; block < standing.length; block++) {
      if (block != blocks.own(b, i) && (block + 1) * perBlock <= sums.length) {
        int first = block * perBlock;
        means[block] = Arrays.stream(sums, first, first + perBlock).sum() / perBlock;
      }
    }
    double[] p = Arrays.copyOf(TopBlocks.softmax(means), standing.length);
    for (int block = 0; block < p.length; block++) {
      if (standing[block] == Standing.CANDIDATE && p[block] <= FLOOR) {
        standing[block] = Standing.NO;
      }
    }
    return p;
  }
}
