package dev.assay.plan;

import dev.assay.check.Require;
import java.util.Arrays;

/**
 * A query meets a list of keys of its own, each with a multiplicity: a key that is listed with
 * count c weighs c times (its logit gains log c). Lists are in rows of a compressed matrix; row (b
 * * heads + h) * queries + i.
 *
 * @param rowPtr for each row the start of its list, and at the end the total
 * @param keys key indices, ascending within a row
 * @param counts multiplicities, at least 1, as long as {@code keys}
 */
public record GatherPlan(int[] rowPtr, int[] keys, int[] counts) implements Plan {
  /** Copies the arrays and checks that the rows are well formed. */
  public GatherPlan {
    rowPtr = rowPtr.clone();
    keys = keys.clone();
    counts = counts.clone();
    Require.argument(rowPtr.length > 0 && rowPtr[0] == 0, "rowPtr must begin with 0");
    Require.argument(
        rowPtr[rowPtr.length - 1] == keys.length && keys.length == counts.length,
        "rowPtr ends with %d, but there are %d keys and %d counts",
        rowPtr[rowPtr.length - 1],
        keys.length,
        counts.length);
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      Require.argument(
          rowPtr[row] <= rowPtr[row + 1] && rowPtr[row + 1] <= keys.length,
          "rowPtr goes from %d to %d at row %d: it must not fall nor pass the %d keys",
          rowPtr[row],
          rowPtr[row + 1],
          row,
          keys.length);
      for (int e = rowPtr[row]; e < rowPtr[row + 1]; e++) {
        Require.argument(
            keys[e] > (e == rowPtr[row] ? -1 : keys[e - 1]),
            "row %d does not list its keys ascending and once",
            row);
        Require.argument(
            counts[e] >= 1, "row %d lists key %d %d times: at least once", row, keys[e], counts[e]);
      }
    }
  }

  /** Lists in which every key weighs once. */
  public static GatherPlan once(int[] rowPtr, int[] keys) {
    int[] counts = new int[keys.length];
    Arrays.fill(counts, 1);
    return new GatherPlan(rowPtr, keys, counts);
  }

  @Override
  public String kind() {
    return "gather";
  }
}
