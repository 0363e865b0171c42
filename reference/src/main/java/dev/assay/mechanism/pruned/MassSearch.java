package dev.assay.mechanism.pruned;

import dev.assay.check.Require;
import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.pruned.AdaSpa.Selection;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The search of an {@link AdaSpa}: the mass of a block is {@code W_IJ = sum over its pairs of
 * exp(min(s_ij - L_i, 60))}, with the log-sum-exp L of the row, fresh or cached. The heaviest
 * blocks are kept.
 */
final class MassSearch {
  /** A stale L may be far too small; beyond this exponent masses only have to stay finite. */
  private static final double LARGEST_EXPONENT = 60;

  /** What rounding may add to a share of blocks that is whole on paper. */
  private static final double SLACK = 1e-9;

  private final AdaSpa spa;
  private final AttentionProblem problem;
  private final Margin margin;
  private final int rows;
  private final int columns;

  MassSearch(AdaSpa spa, AttentionProblem problem, Margin margin) {
    this.spa = spa;
    this.problem = problem;
    this.margin = margin;
    this.rows = Math.ceilDiv(problem.queries(), spa.block());
    this.columns = Math.ceilDiv(problem.keys(), spa.block());
  }

  /**
   * Masses of all blocks of a head, -inf for those without a pair.
   *
   * @param mass [rows][columns]
   * @param forced blocks that are kept whatever their mass
   */
  private record Blocks(double[][] mass, boolean[][] forced) {
    /** Mass of the kept blocks over that of all; 1 if there is none. */
    double recall(boolean[][] kept) {
      double all = 0;
      double covered = 0;
      for (int row = 0; row < mass.length; row++) {
        for (int column = 0; column < mass[row].length; column++) {
          double own = Math.max(mass[row][column], 0);
          all += own;
          covered += kept[row][column] ? own : 0;
        }
      }
      return all == 0 ? 1 : covered / all;
    }
  }

  /**
   * The blocks that are kept.
   *
   * @param lse log-sum-exp of an earlier search, or null
   */
  BlockTables search(@Nullable Tensor lse) {
    Require.argument(
        lse == null || fits(lse.shape()),
        "lse_cache has shape %s: [B, H, n_q] is needed",
        lse == null ? "none" : lse.shape());
    BlockTables kept = BlockTables.none(problem, spa.block(), spa.block());
    for (int b = 0; b < problem.batches(); b++) {
      List<Blocks> heads = new ArrayList<>();
      for (int h = 0; h < problem.heads(); h++) {
        heads.add(blocks(new HeadRows(problem, b, h), lse));
      }
      double[] sparsity = sparsities(heads);
      for (int h = 0; h < problem.heads(); h++) {
        kept.tables()[b * problem.heads() + h] = keep(heads.get(h), sparsity[h], margin);
      }
    }
    return kept;
  }

  /** Masses of the blocks of a head, [rows][columns], -inf for those without a pair. */
  double[][] masses(int b, int h, @Nullable Tensor lse) {
    return blocks(new HeadRows(problem, b, h), lse).mass();
  }

  private boolean fits(Shape shape) {
    return shape.rank() == 3
        && shape.broadcastsOver(problem.batches(), problem.heads(), problem.queries());
  }

  private Blocks blocks(HeadRows head, @Nullable Tensor lse) {
    double[][] mass = new double[rows][];
    boolean[][] forced = new boolean[rows][columns];
    for (int row = 0; row < rows; row++) {
      mass[row] = Ranking.nothing(columns);
      boolean textRow = text(row, spa.block(), problem.queryLength(head.b()), spa.textTokens());
      for (int column = 0; column < columns; column++) {
        forced[row][column] =
            textRow || text(column, spa.block(), problem.keyLength(head.b()), spa.textTokens());
      }
    }
    for (int i = 0; i < problem.queries(); i++) {
      double known =
          lse == null ? head.lse(i, j -> true) : KeepMask.broadcast(lse, head.b(), head.h(), i);
      for (int j = 0; j < problem.keys(); j++) {
        if (head.exists(i, j)) {
          double exponent = Math.min(head.logit(i, j) - known, LARGEST_EXPONENT);
          double[] into = mass[i / spa.block()];
          int column = j / spa.block();
          into[column] = Math.max(into[column], 0) + StrictMath.exp(exponent);
        }
      }
    }
    return new Blocks(mass, forced);
  }

  /** Whether a block holds one of the last tokens. */
  static boolean text(int index, int block, int length, int textTokens) {
    return textTokens > 0
        && index * block < length
        && Math.min((index + 1) * block, length) > length - textTokens;
  }

  /** The blocks of largest mass, and the forced ones beside the budget. */
  private boolean[][] keep(Blocks blocks, double sparsity, Margin nearest) {
    boolean[][] kept = new boolean[rows][];
    if (spa.selection() == Selection.GLOBAL) {
      boolean[] all =
          keep(
              Arrays.stream(blocks.mass).flatMapToDouble(Arrays::stream).toArray(),
              flat(blocks.forced),
              sparsity,
              nearest);
      for (int row = 0; row < rows; row++) {
        kept[row] = Arrays.copyOfRange(all, row * columns, (row + 1) * columns);
      }
      return kept;
    }
    for (int row = 0; row < rows; row++) {
      kept[row] = keep(blocks.mass[row], blocks.forced[row], sparsity, nearest);
    }
    return kept;
  }

  private boolean[] flat(boolean[][] table) {
    boolean[] flat = new boolean[rows * columns];
    for (int row = 0; row < rows; row++) {
      System.arraycopy(table[row], 0, flat, row * columns, columns);
    }
    return flat;
  }

  private static boolean[] keep(double[] mass, boolean[] forced, double sparsity, Margin nearest) {
    int beside = 0;
    int free = 0;
    for (int x = 0; x < mass.length; x++) {
      if (mass[x] != Double.NEGATIVE_INFINITY) {
        beside += forced[x] ? 1 : 0;
        free += forced[x] ? 0 : 1;
      }
    }
    int budget = (int) Math.ceil((1 - sparsity) * free - SLACK);
    return Ranking.best(mass, forced, beside + budget, "block", nearest);
  }

  /**
   * The sparsity of each head of a batch entry. With n heads of high recall, at most half of them,
   * the n best get s + shift and the n worst s - shift, so that the mean stays s; shift = (1 - s) /
   * 2, but at most s.
   */
  private double[] sparsities(List<Blocks> heads) {
    double s = spa.sparsity();
    double[] sparsity = new double[heads.size()];
    Arrays.fill(sparsity, s);
    double shift = Math.min((1 - s) / 2, s);
    if (!spa.adaptive() || shift == 0) {
      return sparsity;
    }
    double[] recall = new double[heads.size()];
    int high = 0;
    for (int h = 0; h < recall.length; h++) {
      recall[h] = heads.get(h).recall(keep(heads.get(h), s, new Margin()));
      margin.between(recall[h], spa.recallBar());
      high += recall[h] > spa.recallBar() ? 1 : 0;
    }
    int shifted = Math.min(high, recall.length / 2);
    int[] order = BestScores.order(recall, "head");
    for (int place = 0; place < shifted; place++) {
      sparsity[order[place]] = s + shift;
      sparsity[order[order.length - 1 - place]] = s - shift;
    }
    if (shifted > 0) {
      int last = order.length - shifted;
      margin.between(recall[order[shifted - 1]], recall[order[shifted]]);
      margin.between(recall[order[last - 1]], recall[order[last]]);
    }
    return sparsity;
  }
}
