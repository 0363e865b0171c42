package dev.assay.plan;

import dev.assay.check.Require;
import java.util.Arrays;

/**
 * Sequences packed one behind the other: sequence s holds queries cuQueries[s] to cuQueries[s+1] -
 * 1 and keys cuKeys[s] to cuKeys[s+1] - 1. Logits never cross sequences; a sequence may be empty.
 *
 * @param cuQueries cumulative query lengths, beginning with 0
 * @param cuKeys cumulative key lengths, beginning with 0, as long as {@code cuQueries}
 */
public record Ragged(int[] cuQueries, int[] cuKeys) {
  /** Copies both and checks that they ascend from 0. */
  public Ragged {
    cuQueries = cuQueries.clone();
    cuKeys = cuKeys.clone();
    Require.argument(
        cuQueries.length == cuKeys.length && cuKeys.length >= 1,
        "cu_seqlens_q has %d entries and cu_seqlens_k %d: both need one more than there are sequences",
        cuQueries.length,
        cuKeys.length);
    ascending(cuQueries, "cu_seqlens_q");
    ascending(cuKeys, "cu_seqlens_k");
  }

  private static void ascending(int[] cu, String name) {
    Require.argument(cu[0] == 0, "%s begins with %d: it must begin with 0", name, cu[0]);
    for (int s = 1; s < cu.length; s++) {
      Require.argument(
          cu[s] >= cu[s - 1], "%s falls from %d to %d: it must not fall", name, cu[s - 1], cu[s]);
    }
  }

  /** Number of sequences. */
  public int sequences() {
    return cuQueries.length - 1;
  }

  /** The sequence that a query row belongs to. */
  public int sequenceOfQuery(int i) {
    return sequenceOf(cuQueries, i);
  }

  /** The sequence that a key belongs to. */
  public int sequenceOfKey(int j) {
    return sequenceOf(cuKeys, j);
  }

  private static int sequenceOf(int[] cu, int row) {
    int s = Arrays.binarySearch(cu, row);
    if (s < 0) {
      return -s - 2;
    }
    // Empty sequences share a start: the row belongs to the last of them.
    while (s + 1 < cu.length && cu[s + 1] == row) {
      s++;
    }
    return s;
  }

  int[] queryLengths() {
    return lengths(cuQueries);
  }

  int[] keyLengths() {
    return lengths(cuKeys);
  }

  private static int[] lengths(int[] cu) {
    int[] lengths = new int[cu.length - 1];
    for (int s = 0; s < lengths.length; s++) {
      lengths[s] = cu[s + 1] - cu[s];
    }
    return lengths;
  }

  void check(int queries, int keys) {
    Require.argument(
        cuQueries[sequences()] == queries && cuKeys[sequences()] == keys,
        "cu_seqlens end with %d queries and %d keys, but the tensors have %d and %d",
        cuQueries[sequences()],
        cuKeys[sequences()],
        queries,
        keys);
  }
}
