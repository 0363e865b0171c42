package dev.assay.cli.picture;

import dev.assay.engine.AttentionRows;
import java.util.Arrays;

/**
 * How full the blocks of a head are: the share of the pairs of each block that exist.
 *
 * @param down blocks of queries
 * @param across blocks of keys
 * @param shares row by row, in [0, 1]
 */
record BlockDensity(int down, int across, double[] shares) {
  /** Counts pairs in blocks of so many tokens a side; the last ones may be smaller. */
  static BlockDensity of(AttentionRows attention, int b, int h, int block) {
    int down = Math.ceilDiv(attention.queries(), block);
    int across = Math.ceilDiv(attention.keys(), block);
    double[] shares = new double[down * across];
    for (int i = 0; i < attention.queries(); i++) {
      int high = Math.min(block, attention.queries() - i / block * block);
      for (int j : attention.row(b, h, i).keys()) {
        int wide = Math.min(block, attention.keys() - j / block * block);
        shares[i / block * across + j / block] += 1.0 / (high * wide);
      }
    }
    return new BlockDensity(down, across, shares);
  }

  /** The share of blocks that hold any pair. */
  double visited() {
    long visited = Arrays.stream(shares).filter(share -> share > 0).count();
    return (double) visited / Math.max(1, shares.length);
  }

  /** One pixel a block, the fuller the darker; empty blocks stay clear. */
  Pixels pixels() {
    int[] argb = new int[shares.length];
    for (int p = 0; p < argb.length; p++) {
      if (shares[p] > 0) {
        argb[p] = Palette.opaque(Palette.kind(0), 0.15 + 0.85 * shares[p]);
      }
    }
    return new Pixels(across, down, argb);
  }
}
