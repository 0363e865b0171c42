package dev.assay.gradcheck.stage;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.DType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.DoubleUnaryOperator;

/** Wrong exponentials, sums and weights of right logits. */
final class SoftmaxSuspects {
  private static final int WHOLE = Integer.MAX_VALUE;
  private static final int[] TILES = {WHOLE, 16, 32, 64, 128};

  private SoftmaxSuspects() {}

  static List<Suspect> of(AttentionProblem problem) {
    List<Suspect> all = new ArrayList<>();
    all.add(new Suspect(Stage.EXPONENT, "powers of 2 instead of e", SoftmaxSuspects::powersOf2));
    for (DType type : new DType[] {DType.F16, DType.BF16}) {
      for (int tile : TILES) {
        String in = tile == WHOLE ? "" : ", in tiles of " + tile;
        all.add(
            weighted(
                Stage.EXPONENT,
                "the exponent is rounded to " + type + in,
                tile,
                x -> StrictMath.exp(type.round(x)),
                p -> p,
                p -> p));
        all.add(
            weighted(
                Stage.DENOMINATOR,
                "the sum is that of weights rounded to " + type + in,
                tile,
                StrictMath::exp,
                type::round,
                p -> p));
      }
    }
    all.add(
        weighted(
            Stage.WEIGHTS,
            "weights are truncated to BF16, not rounded",
            WHOLE,
            StrictMath::exp,
            p -> p,
            SoftmaxSuspects::truncated));
    if (problem.dropoutKeep() != null) {
      dropout(problem, all);
    }
    return all;
  }

  private static double truncated(double x) {
    return Float.intBitsToFloat(Float.floatToRawIntBits((float) x) & 0xFFFF0000);
  }

  private static RowResult powersOf2(Row row) {
    double max = max(row);
    double ln2 = StrictMath.log(2);
    RowResult other = row.softmax(j -> row.met(j) ? (row.logit(j) - max) * ln2 : row.logit(j));
    return other.withLse(other.lse() + (row.empty() ? 0 : max));
  }

  /** The largest logit of a row; 0 for an empty one. */
  static double max(Row row) {
    double max = Double.NEGATIVE_INFINITY;
    for (int j = 0; j < row.keys(); j++) {
      max = Math.max(max, row.logit(j));
    }
    return row.empty() ? 0 : max;
  }

  /** Weights by the largest logit so far, tile after tile, as an online softmax has them. */
  private static Suspect weighted(
      Stage stage,
      String what,
      int tile,
      DoubleUnaryOperator exp,
      DoubleUnaryOperator summand,
      DoubleUnaryOperator weight) {
    return new Suspect(
        stage,
        what,
        row -> {
          double max = max(row);
          double so = Double.NEGATIVE_INFINITY;
          double[] out = new double[row.problem().valueDepth()];
          double sum = 0;
          for (int j = 0; j < row.keys(); j++) {
            so = j % tile == 0 ? highest(row, j, tile, so) : so;
            if (row.met(j)) {
              double p = exp.applyAsDouble(row.logit(j) - so);
              double rise = StrictMath.exp(so - max);
              sum += rise * summand.applyAsDouble(p);
              row.add(out, rise * weight.applyAsDouble(p * row.keep(j)), row.keyRow(j));
            }
          }
          return sum == 0
              ? row.right()
              : new RowResult(out, max + StrictMath.log(sum)).times(1 / sum);
        });
  }

  /** The largest logit up to the end of a tile. */
  private static double highest(Row row, int from, int tile, double before) {
    double max = before;
    for (int j = from; j < Math.min((long) row.keys(), (long) from + tile); j++) {
      max = Math.max(max, row.logit(j));
    }
    return max;
  }

  private static void dropout(AttentionProblem problem, List<Suspect> all) {
    double rate = 1 - 1 / problem.dropoutFactor();
    all.add(
        new Suspect(
            Stage.WEIGHTS,
            "kept pairs are not divided by the share that is kept",
            row -> row.right().times(1 - rate)));
    all.add(otherDropout("the dropout mask of the first head serves all", true, false, false));
    all.add(otherDropout("the dropout mask of the first batch serves all", false, true, false));
    all.add(otherDropout("the dropout mask of the first query serves all", false, false, true));
    all.add(
        new Suspect(
            Stage.WEIGHTS,
            "dropout is ignored",
            row -> {
              RowResult right = row.right();
              double[] out = new double[right.out().length];
              for (int j = 0; j < row.keys(); j++) {
                if (row.met(j)) {
                  row.add(out, StrictMath.exp(row.logit(j) - right.lse()), row.keyRow(j));
                }
              }
              return new RowResult(out, right.lse());
            }));
    all.add(
        new Suspect(
            Stage.DENOMINATOR,
            "dropped pairs are missing in the sum",
            row -> {
              RowResult right = row.right();
              double kept = 0;
              for (int j = 0; j < row.keys(); j++) {
                kept += row.met(j) ? row.keep(j) * StrictMath.exp(row.logit(j) - right.lse()) : 0;
              }
              return row.empty() || kept == 0
                  ? right
                  : right.times(1 / kept).withLse(right.lse() + StrictMath.log(kept));
            }));
  }

  private static Suspect otherDropout(String what, boolean head, boolean batch, boolean query) {
    return new Suspect(
        Stage.WEIGHTS,
        what,
        row -> {
          RowResult right = row.right();
          double[] out = new double[right.out().length];
          for (int j = 0; j < row.keys(); j++) {
            if (row.met(j)) {
              double keep =
                  row.problem()
                      .dropoutAt(
                          batch ? 0 : row.batch(),
                          head ? 0 : row.head(),
                          query ? 0 : row.query(),
                          j);
              row.add(out, keep * StrictMath.exp(row.logit(j) - right.lse()), row.keyRow(j));
            }
          }
          return new RowResult(out, right.lse());
        });
  }
}
