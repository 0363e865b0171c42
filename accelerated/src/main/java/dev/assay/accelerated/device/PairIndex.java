package dev.assay.accelerated.device;

/** Index maths of the kernels. */
public final class PairIndex {
  private PairIndex() {}

  /** The key head that a query head reads, {@code floor(h / (H / H_kv))}. */
  public static int kvHead(int h, int heads, int kvHeads) {
    return h / (heads / kvHeads);
  }

  /** Row of q, out or lse: [B, H, n_q]. */
  public static int queryRow(int b, int h, int i, int heads, int queries) {
    return (b * heads + h) * queries + i;
  }

  /** Row of k or v in pools of pages [P, H_kv, page, d]. */
  public static int keyRow(int page, int kvHead, int kvHeads, int slot, int pageSize) {
    return (page * kvHeads + kvHead) * pageSize + slot;
  }

  /** Whether key j lies in {@code from .. to - 1} and its bit is set. */
  public static boolean listed(int j, int from, int to, int bits) {
    return j >= from && j < to && (bits >>> (j % Tiles.EDGE) & 1) != 0;
  }

  /** Place of a number that belongs to a pair, extents of 1 having stride 0. */
  public static int pair(int b, int h, int i, int j, int sb, int sh, int si, int sj) {
    return b * sb + h * sh + i * si + j * sj;
  }
}
