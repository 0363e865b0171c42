package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.plan.AttentionProblem;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Stages that a single row gives away: another head, another row, a factor of all channels. */
final class RowSolvers {
  private RowSolvers() {}

  /** Keys of another head or batch entry. */
  static final class OtherHead implements Solver {
    private final Stage stage;

    /** For heads of the same batch entry, or for the same and other heads of others. */
    OtherHead(Stage stage) {
      this.stage = stage;
    }

    @Override
    public Stage stage() {
      return stage;
    }

    @Override
    public @Nullable Finding solve(Row row) {
      AttentionProblem problem = row.problem();
      if (problem.paging() != null) {
        return null;
      }
      for (int b = 0; b < problem.batches(); b++) {
        for (int g = 0; g < problem.kvHeads(); g++) {
          boolean sameBatch = b == row.batch();
          boolean right = sameBatch && g == problem.kvHead(row.head());
          boolean mine = stage == Stage.HEADS ? sameBatch : !sameBatch;
          if (!right && mine && row.agrees(reading(row, b, g))) {
            return Finding.of(
                sameBatch
                    ? "query heads read another key head"
                    : "rows read the keys of another batch entry");
          }
        }
      }
      return null;
    }

    private static RowResult reading(Row row, int b, int g) {
      AttentionProblem problem = row.problem();
      return row.softmax(
          j ->
              row.met(j)
                  ? row.logit(j)
                      - row.capped(row.score(j))
                      + row.capped(row.score(row.row(), problem.keyRow(b, g, j)))
                  : row.logit(j),
          j -> problem.keyRow(b, g, j));
    }
  }

  /** The row holds what belongs to another one, or was never written. */
  static final class OtherRow implements Solver {
    @Override
    public Stage stage() {
      return Stage.ADDRESS;
    }

    @Override
    public @Nullable Finding solve(Row row) {
      Comparison out = row.evidence().compared().get("out");
      int width = row.problem().valueDepth();
      if (out == null || width < 2) {
        return null;
      }
      if (zero(row, out, width)) {
        return Finding.of("rows were not written");
      }
      for (int step : new int[] {-1, 1, -2, 2}) {
        int other = row.row() + step;
        if (other >= 0 && other < row.problem().lseShape().size() && copied(row, out, other)) {
          return Finding.of("rows hold what belongs to a row beside them");
        }
      }
      return null;
    }

    private static boolean zero(Row row, Comparison out, int width) {
      double lse = row.evidence().value("lse", row.row());
      boolean zero = (lse == 0 || Double.isNaN(lse)) && !row.empty();
      for (int c = 0; c < width; c++) {
        zero &= out.value().get(row.row() * width + c) == 0;
      }
      return zero;
    }

    private static boolean copied(Row row, Comparison out, int other) {
      int width = row.problem().valueDepth();
      double[] values = new double[width];
      for (int c = 0; c < width; c++) {
        values[c] = out.golden().get(other * width + c);
      }
      Comparison lse = row.evidence().compared().get("lse");
      double log = lse == null ? 0 : lse.golden().get(other);
      return row.agrees(new RowResult(values, log));
    }
  }

  /**
   * All channels of a row have one factor f. With an LSE that is right, or that is less by log f,
   * it is the sum that is wrong.
   */
  static final class Factor implements Solver {
    @Override
    public Stage stage() {
      return Stage.DENOMINATOR;
    }

    @Override
    public @Nullable Finding solve(Row row) {
      Comparison out = row.evidence().compared().get("out");
      int width = row.problem().valueDepth();
      if (out == null || row.empty() || width < 2) {
        return null;
      }
      double along = 0;
      double square = 0;
      for (int c = 0; c < width; c++) {
        double golden = out.golden().get(row.row() * width + c);
        along += golden * out.value().get(row.row() * width + c);
        square += golden * golden;
      }
      double factor = along / square;
      if (!(factor > 0) || Double.isInfinite(factor)) {
        return null;
      }
      RowResult right = row.right();
      for (RowResult each :
          List.of(
              right.times(factor),
              right.times(factor).withLse(right.lse() - StrictMath.log(factor)))) {
        if (row.agrees(each)) {
          return Finding.of(
              "the sum of the weights is " + (factor < 1 ? "too large" : "too small"));
        }
      }
      return null;
    }
  }

  /**
   * Keys of zeros behind the tensor count, with a logit of 0: the sum is larger by their number.
   */
  static final class Zeros implements Solver {
    @Override
    public Stage stage() {
      return Stage.MASK;
    }

    @Override
    public @Nullable Finding solve(Row row) {
      RowResult right = row.right();
      double lse = row.evidence().value("lse", row.row());
      double more = Math.rint(StrictMath.exp(lse) - StrictMath.exp(right.lse()));
      boolean some = more >= 1 && more <= 127;
      return some && row.agrees(MaskSuspects.zeros(row, right, (int) more, 0))
          ? new Finding(
              "keys of zeros behind the last one count: tail mask", row.keys(), row.keys())
          : null;
    }
  }
}
