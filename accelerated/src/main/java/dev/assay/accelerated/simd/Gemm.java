package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/**
 * Products of small matrices: every one that forward and backward attention need.
 *
 * <p>Each element is one chain of fused multiply-adds in ascending order of the inner index, from 0
 * or from the value that is there, so its bits depend neither on the vector width nor on its
 * neighbours.
 *
 * <p>The register block is what decides the speed: 6 rows by 2 vectors leaves 4 of 16 registers for
 * the factors and hides the latency of the multiply-add (4x2 reaches 75 % of it, 4x4 spills). With
 * 512-bit vectors there are 32 registers, and 4 by 4 is best.
 */
final class Gemm {
  private Gemm() {}

  /**
   * {@code c = a b}, or {@code c += a b} if {@code add}.
   *
   * @param a {@code rows x b.depth()}; up to 3 more rows are read and what they hold has no
   *     influence on the rows that count
   * @param b {@code b.depth() x columns}
   * @param c {@code rows x columns}, and up to 3 more rows that hold nothing of meaning
   * @param rows at most {@link Tile#EDGE}
   */
  static void multiply(Tile a, Panel b, Tile c, int rows, boolean add) {
    int padded = (rows + 3) & -4;
    int quads = LANES >= 16 ? padded / 4 : quads(padded);
    int sixes = padded - 4 * quads;
    for (int group = 0; group < b.groups(); group++) {
      if (sixes > 0) {
        SixByTwo.multiply(a, b, c, group, sixes, add);
      }
      for (int row = sixes; row < padded; row += 4) {
        if (LANES >= 16) {
          FourByFour.multiply(a, b, c, group, row, add);
        } else {
          FourByTwo.multiply(a, b, c, group, row, add);
        }
      }
    }
  }

  /** How few blocks of 4 leave a number of rows that blocks of 6 can cover. */
  private static int quads(int padded) {
    int rest = padded % 6;
    return rest == 2 ? 2 : rest / 4;
  }

  /** What a chain begins with. */
  static FloatVector start(float[] c, int offset, boolean add) {
    return add ? FloatVector.fromArray(SPECIES, c, offset) : FloatVector.zero(SPECIES);
  }
}
