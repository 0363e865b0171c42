package dev.assay.gradcheck.suite;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.List;

/**
 * Which rows of the results a {@link RecipeCase} expects. A result of the case has one row for each
 * of them, in this order: {@code out} and {@code dq} are [queries, d], {@code lse} is [queries],
 * {@code dk} and {@code dv} are [keys, d].
 *
 * @param queries batch entry, query head and query of each row of {@code out}, {@code lse}, {@code
 *     dq}
 * @param keys batch entry, key head and key of each row of {@code dk}, {@code dv}
 */
public record Samples(List<List<Integer>> queries, List<List<Integer>> keys) {
  private static final List<String> OF_KEYS = List.of("dk", "dv");

  /** Checks that each row is three numbers, and that there is one. */
  public Samples {
    Require.argument(!queries.isEmpty(), "samples name no query: name at least one");
    for (List<Integer> row : queries) {
      check(row);
    }
    for (List<Integer> row : keys) {
      check(row);
    }
  }

  private static void check(List<Integer> row) {
    Require.argument(
        row.size() == 3 && row.stream().allMatch(x -> x != null && x >= 0),
        "samples name the row %s: batch entry, head and token are needed",
        row);
  }

  /** Whether a result has a row for each key and not for each query. */
  public static boolean isOfKeys(String result) {
    return OF_KEYS.contains(result);
  }

  /** The rows of a result. */
  public List<List<Integer>> of(String result) {
    return isOfKeys(result) ? keys : queries;
  }

  /**
   * The extents of the sampled rows of a result whose whole has these: [rows, channels] or [rows].
   */
  public List<Integer> shape(String result, List<Integer> whole) {
    List<Integer> shape = new ArrayList<>();
    shape.add(of(result).size());
    shape.addAll(whole.subList(3, whole.size()));
    return shape;
  }
}
