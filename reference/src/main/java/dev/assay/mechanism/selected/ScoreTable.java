package dev.assay.mechanism.selected;

import dev.assay.check.Require;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.RankedChoice;
import dev.assay.mechanism.selected.TopBlocks.Standing;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The given scores of {@link ScoredBlocks} over the blocks of a problem. */
final class ScoreTable {
  private final Tensor scores;
  private final @Nullable Tensor forced;
  private final KeyBlocks blocks;
  private final int rowSize;
  private final boolean causal;

  ScoreTable(
      Tensor scores, @Nullable Tensor forced, KeyBlocks blocks, int rowSize, boolean causal) {
    this.scores = scores;
    this.forced = forced;
    this.blocks = blocks;
    this.rowSize = rowSize;
    this.causal = causal;
    check();
  }

  private void check() {
    int batches = blocks.problem().batches();
    int heads = blocks.problem().heads();
    int rows = Math.ceilDiv(blocks.problem().queries(), rowSize);
    Shape shape = scores.shape();
    Require.argument(
        shape.rank() == 4
            && shape.extent(0) == batches
            && (shape.extent(1) == 1
                || shape.extent(1) == blocks.problem().kvHeads()
                || shape.extent(1) == heads)
            && shape.extent(2) == rows
            && shape.extent(3) == blocks.count(),
        "scores has shape %s: [%d, 1, %d or %d, %d, %d] is needed, one score for each row of"
            + " queries and block of keys",
        shape,
        batches,
        blocks.problem().kvHeads(),
        heads,
        rows,
        blocks.count());
    Tensor force = forced;
    Require.argument(
        force == null || fits(force.shape()),
        "forced has shape %s: %s or 1 in its place is needed, and %d blocks",
        force == null ? shape : force.shape(),
        shape,
        blocks.count());
  }

  private boolean fits(Shape shape) {
    boolean fits = shape.rank() == 4 && shape.extent(3) == blocks.count();
    for (int axis = 0; fits && axis < 3; axis++) {
      fits = shape.extent(axis) == 1 || shape.extent(axis) == scores.shape().extent(axis);
    }
    return fits;
  }

  /** [B, G, R]. */
  Shape rows() {
    Shape shape = scores.shape();
    return Shape.of(shape.extent(0), shape.extent(1), shape.extent(2));
  }

  /** Chooses for every row. */
  Selection choose(int k) {
    TopBlocks top = new TopBlocks();
    return Selection.choose(
        rows(),
        rowSize,
        blocks,
        width(k),
        top,
        (b, g, row) -> top.pick(given(b, g, row), standing(b, g, row), k));
  }

  /** What is chosen from, laid open: given scores bear no rounding. */
  RankedChoice ranked(int k) {
    List<RankedChoice.Row> ranked = new ArrayList<>();
    for (int p = 0; p < rows().size(); p++) {
      int[] at = rows().index(p);
      Standing[] standing = standing(at[0], at[1], at[2]);
      double[] exact = new double[blocks.count()];
      ranked.add(TopBlocks.ranked(given(at[0], at[1], at[2]), standing, exact, k));
    }
    return new RankedChoice("idx", rows(), width(k), 0, ranked);
  }

  /** The most that a row may meet: k, or all that is forced somewhere. */
  private int width(int k) {
    int most = Math.min(k, blocks.count());
    for (int p = 0; p < rows().size(); p++) {
      int[] at = rows().index(p);
      int own = 0;
      for (Standing each : standing(at[0], at[1], at[2])) {
        own += each == Standing.FORCED ? 1 : 0;
      }
      most = Math.max(most, own);
    }
    return most;
  }

  private Standing[] standing(int b, int g, int row) {
    Standing[] standing = TopBlocks.none(blocks.count());
    int last = Math.min((row + 1) * rowSize, blocks.problem().queryLength(b)) - 1;
    boolean any = last >= row * rowSize && blocks.meetsKeys(b, last);
    for (int block = 0; block < standing.length && any; block++) {
      boolean begins = !causal || block * blocks.size() <= blocks.position(b, last);
      if (begins && blocks.holdsKeys(b, block)) {
        Tensor force = forced;
        boolean taken = force != null && KeepMask.broadcast(force, b, g, row, block) != 0;
        standing[block] = taken ? Standing.FORCED : Standing.CANDIDATE;
      }
    }
    return standing;
  }

  private double[] given(int b, int g, int row) {
    double[] given = new double[blocks.count()];
    for (int block = 0; block < given.length; block++) {
      given[block] = scores.at(b, g, row, block);
    }
    return given;
  }

  /** The scores of the candidates of a row; -inf for all other blocks. */
  double[] row(int b, int g, int row) {
    return TopBlocks.candidates(given(b, g, row), standing(b, g, row));
  }
}
