package dev.assay.mechanism.pruned;

/**
 * What the published kernel of {@link MInference} makes of columns and diagonals for one block of
 * queries: the diagonal at distance o becomes the keys {@code [max(end - o, block) - block, max(end
 * - o, block))} with the end of the block of queries; a diagonal whose keys begin where those
 * covered so far have not ended, or just end, widens those by a whole block instead.
 */
final class KernelLines {
  private KernelLines() {}

  /**
   * The keys that the block of queries reads, before causality.
   *
   * @param columns which columns are kept
   * @param diagonals which distances are kept; 0 is one of them
   * @param start first query of the block
   */
  static boolean[] keys(boolean[] columns, boolean[] diagonals, int start, int block) {
    int end = start + block;
    boolean[] keys = columns.clone();
    int from = 0;
    int to = 0;
    boolean any = false;
    // Far diagonals first: their keys ascend.
    for (int distance = Math.min(end, diagonals.length) - 1; distance >= 0; distance--) {
      if (!diagonals[distance]) {
        continue;
      }
      int reach = Math.max(end - distance, block);
      if (!any || reach > to + block) {
        cover(keys, from, to);
        from = reach - block;
        to = reach;
        any = true;
      } else if (reach > to) {
        to += block;
      }
    }
    cover(keys, from, to);
    return keys;
  }

  private static void cover(boolean[] keys, int from, int to) {
    for (int j = from; j < Math.min(to, keys.length); j++) {
      keys[j] = true;
    }
  }
}
