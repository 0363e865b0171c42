package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A run of neighbouring keys is lost, counts twice, or counts though it is masked. With the sums
 * {@code Z = sum_j e^(s_j - m)} and {@code N = sum_j e^(s_j - m) v_j} of the row and those of a
 * run, the row would be {@code (N +- N_run) / (Z +- Z_run)}: every run is tried.
 */
final class KeyRuns implements Solver {
  @Override
  public Stage stage() {
    return Stage.MASK;
  }

  @Override
  public @Nullable Finding solve(Row row) {
    if (row.problem().paging() != null && row.empty()) {
      return null;
    }
    List<Integer> met = new ArrayList<>();
    List<Integer> unmet = new ArrayList<>();
    for (int j = 0; j < row.keys(); j++) {
      (row.met(j) ? met : unmet).add(j);
    }
    if (row.problem().paging() != null) {
      unmet.clear();
    }
    Finding found = run(row, met, -1, "lost");
    found = found == null ? run(row, met, 1, "counted twice") : found;
    return found == null ? run(row, unmet, 1, "counted though masked") : found;
  }

  private static @Nullable Finding run(Row row, List<Integer> keys, int sign, String what) {
    Prefix sums = new Prefix(row, keys);
    Comparison lse = row.evidence().compared().get("lse");
    // Short runs first: the smallest change that explains the row.
    for (int length = 1; length <= keys.size(); length++) {
      for (int t = keys.size() - length; t >= 0; t--) {
        if (keys.get(t + length - 1) - keys.get(t) != length - 1 && length > 1 && sign > 0) {
          continue;
        }
        boolean all = sign < 0 && length == keys.size();
        double changed = all ? 0 : sums.total + sign * (sums.sums[t + length] - sums.sums[t]);
        if (changed > 0 || all) {
          double log = changed == 0 ? Double.NEGATIVE_INFINITY : sums.max + StrictMath.log(changed);
          boolean fits = lse == null || Evidence.near(lse, row.row(), log);
          if (fits && row.agrees(sums.result(t, t + length, sign, changed, log))) {
            return new Finding(what, keys.get(t), keys.get(t + length - 1));
          }
        }
      }
    }
    return null;
  }

  /** Sums over the first keys of a list, and over the row. */
  private static final class Prefix {
    private final double max;
    private final double total;
    private final double[] right;
    private final double[] sums;
    private final double[][] values;

    Prefix(Row row, List<Integer> keys) {
      RowResult all = row.right();
      double top = all.lse();
      for (int j : keys) {
        top = Math.max(top, row.unmasked(j));
      }
      max = Double.isFinite(top) ? top : 0;
      total = StrictMath.exp(all.lse() - max);
      right = all.times(total).out();
      sums = new double[keys.size() + 1];
      values = new double[keys.size() + 1][];
      values[0] = new double[right.length];
      for (int t = 0; t < keys.size(); t++) {
        int j = keys.get(t);
        double p = StrictMath.exp(row.unmasked(j) - max);
        sums[t + 1] = sums[t] + p;
        values[t + 1] = values[t].clone();
        row.add(values[t + 1], p * row.keep(j), row.keyRow(j));
      }
    }

    RowResult result(int from, int to, int sign, double sum, double lse) {
      double[] out = new double[right.length];
      for (int c = 0; c < out.length && sum > 0; c++) {
        out[c] = (right[c] + sign * (values[to][c] - values[from][c])) / sum;
      }
      return new RowResult(out, lse);
    }
  }
}
