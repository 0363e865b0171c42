package dev.assay.mechanism.learned;

import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Which blocks an {@link AdaptiveSparseBlock} meets: the chosen ones, less what pruning drops, and
 * those that are safe from it: the first block, the diagonal, blocks of protected tokens, and all
 * of a dense head.
 *
 * <p>Random numbers are keyed by seed and layer, and counted by batch entry and head, row, column
 * and step, so that they do not depend on an order of evaluation.
 */
final class BlockChoice {
  private static final double WORDS = 0x1p32;

  private final AdaptiveSparseBlock block;
  private final Tensor admissible;
  private final Tensor safe;
  private double margin = Double.POSITIVE_INFINITY;

  BlockChoice(
      AdaptiveSparseBlock block,
      AttentionProblem problem,
      Tensor admissible,
      @Nullable Tensor protectedKeys) {
    this.block = block;
    this.admissible = admissible;
    this.safe =
        KeepMask.where(
            admissible.shape(),
            x ->
                admissible.at(x) != 0
                    && (x[1] < block.denseHeads()
                        || (block.safeguards() && (x[3] == 0 || x[3] == x[2]))
                        || holds(protectedKeys, problem, x[0], x[3])));
  }

  private boolean holds(
      @Nullable Tensor protectedKeys, AttentionProblem problem, int b, int column) {
    if (protectedKeys == null) {
      return false;
    }
    Shape shape = protectedKeys.shape();
    Require.argument(
        shape.rank() == 2
            && shape.broadcastsOver(problem.batches())
            && shape.extent(1) == problem.keys(),
        "protected has shape %s: [%d, %d] is needed, or 1 for all batch entries",
        shape,
        problem.batches(),
        problem.keys());
    int end = Math.min((column + 1) * block.size(), problem.keys());
    return IntStream.range(column * block.size(), end)
        .anyMatch(j -> KeepMask.broadcast(protectedKeys, b, j) != 0);
  }

  /** What is met whatever the scores say, in the shape of the scores. */
  Tensor safe() {
    return safe;
  }

  /** How near another choice was. */
  double margin() {
    return margin;
  }

  /** The blocks that these scores choose. */
  Tensor choose(Tensor scores) {
    Tensor noisy =
        block.gumbel() > 0 ? Tensor.generate(scores.shape(), p -> noisy(scores, p)) : scores;
    Tensor chosen =
        switch (block.selection()) {
          case TOP_K -> best(noisy);
          case THRESHOLD -> above(shares(noisy));
          case GLOBAL_BUDGET -> together(shares(noisy));
        };
    Shape shape = scores.shape();
    return KeepMask.where(
        shape, x -> safe.at(x) != 0 || (chosen.at(x) != 0 && !(drawn(x, 0) < block.dropRate())));
  }

  /** A given choice, within what may exist. */
  Tensor given(Tensor blocks) {
    Require.argument(
        blocks.shape().equals(admissible.shape()),
        "blocks has shape %s: %s is needed",
        blocks.shape(),
        admissible.shape());
    return KeepMask.where(blocks.shape(), x -> blocks.at(x) * admissible.at(x) != 0);
  }

  /** A number in (0, 1) that belongs to a place. */
  private double drawn(int[] x, int word) {
    int head = x[0] * admissible.shape().extent(1) + x[1];
    int[] words =
        Philox.block(new int[] {head, x[2], x[3], block.step()}, block.seed(), block.layer());
    return (Integer.toUnsignedLong(words[word]) + 0.5) / WORDS;
  }

  private double noisy(Tensor scores, int p) {
    double u = drawn(scores.shape().index(p), 1);
    return scores.get(p) - block.gumbel() * StrictMath.log(-StrictMath.log(u));
  }

  private Tensor best(Tensor scores) {
    double[] chosen = new double[scores.size()];
    int width = scores.shape().extent(3);
    for (int row = 0; row < chosen.length; row += width) {
      take(scores, places(row, row + width), block.k(), chosen);
    }
    return Tensor.adopt(scores.shape(), chosen);
  }

  /** The admissible places of sparse heads in a range. */
  private int[] places(int from, int to) {
    return IntStream.range(from, to)
        .filter(p -> admissible.get(p) != 0 && admissible.shape().index(p)[1] >= block.denseHeads())
        .toArray();
  }

  private void take(Tensor scores, int[] places, int count, double[] chosen) {
    TopK top = TopK.of(scores::get, places, count, "the score of a block");
    for (int p : top.taken()) {
      chosen[p] = 1;
    }
    margin = Math.min(margin, top.gap());
  }

  private Tensor above(Tensor shares) {
    for (int p : places(0, shares.size())) {
      margin = Math.min(margin, Math.abs(shares.get(p) - block.threshold()));
    }
    return KeepMask.where(shares.shape(), x -> shares.at(x) > block.threshold());
  }

  /** One budget for all rows of all sparse heads of a batch entry. */
  private Tensor together(Tensor shares) {
    double[] chosen = new double[shares.size()];
    int entry = shares.size() / Math.max(1, shares.shape().extent(0));
    for (int start = 0; start < chosen.length; start += entry) {
      int[] places = places(start, start + entry);
      // A product such as 0.7 * 10 lies a rounding above its whole number.
      int count = (int) Math.ceil(block.budget() * places.length - 1e-9);
      take(shares, places, count, chosen);
    }
    return Tensor.adopt(shares.shape(), chosen);
  }

  /** The softmax of each row over what is admissible. */
  private Tensor shares(Tensor scores) {
    int width = scores.shape().extent(3);
    double[] shares = new double[scores.size()];
    for (int row = 0; row < shares.length; row += width) {
      double max = Double.NEGATIVE_INFINITY;
      for (int p = row; p < row + width; p++) {
        Require.argument(
            admissible.get(p) == 0 || !Double.isNaN(scores.get(p)),
            "the score of a block is NaN: a choice needs numbers, or given blocks");
        max = admissible.get(p) != 0 ? Math.max(max, scores.get(p)) : max;
      }
      double sum = 0;
      for (int p = row; p < row + width; p++) {
        shares[p] = admissible.get(p) != 0 ? StrictMath.exp(scores.get(p) - max) : 0;
        sum += shares[p];
      }
      for (int p = row; p < row + width && sum > 0; p++) {
        shares[p] /= sum;
      }
    }
    return Tensor.adopt(scores.shape(), shares);
  }
}
