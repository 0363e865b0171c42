package dev.assay.engine;

/**
 * The weights of one attention, a row at a time: what a query gives to each of its keys. Nobody has
 * to hold a matrix of all pairs.
 */
public interface AttentionRows {
  /**
   * The keys that a query meets.
   *
   * @param keys ascending
   * @param weights as long as {@code keys}; they sum to 1 unless the row is empty, is one branch's
   *     share of a merged softmax, or has a guard in its denominator or, as a recurrence, none
   */
  record Row(int[] keys, double[] weights) {}

  /** B. */
  int batches();

  /** H: query heads. */
  int heads();

  /** n_q. */
  int queries();

  /** n_k. */
  int keys();

  /** The row of query i of batch entry b and head h; dropout, gates and values do not touch it. */
  Row row(int b, int h, int i);
}
