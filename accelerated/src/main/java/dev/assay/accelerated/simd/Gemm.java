package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import jdk.incubator.vector.FloatVector;

/**
 * Products of small matrices: every one that forward and backward attention need.
 *
 * <p>Each element is one chain of fused multiply-adds in ascending order of the inner index, from 0
 * or from the value that is there, so its bits depend neither on the vector width nor on its
 * neighbours.
 *
 * <p>The register block is what decides the speed. Of 32 registers 6 rows by 4 vectors leave eight
 * for the factors, and all is well as long as the steps through the factors are constants: {@link
 * SixTiledByFour} and {@link SixTurnedByFour} reach 83 % of the peak of a processor that starts two
 * multiply-adds a cycle, {@link SixByFour} with its checks of indices 65 %. Of 16 registers 6 by 2
 * leave four, 5 by 2 six. Whether sums keep their registers is for the compiler to say: it puts
 * loads first, and a block that then needs more registers than there are keeps sums in memory and
 * takes twice the time. {@link SixTiledByTwo} and {@link FiveTurnedByTwo} were seen to keep theirs:
 * 88 and 86 % of the peak at 64 steps, where {@link SixByTwo} reaches 66 % and {@link
 * SixStridedByTwo} 61 %.
 */
final class Gemm {
  private static final boolean MANY_REGISTERS = LANES >= 16;
  private static final int FOUR = 4 * LANES;

  private Gemm() {}

  /**
   * {@code c = a b}, or {@code c += a b} if {@code add}.
   *
   * @param a {@code rows x depth}, any strides; up to 3 more rows are read and what they hold has
   *     no influence on the rows that count
   * @param b {@code depth x columns}, each row without gaps
   * @param c {@code rows x columns}, each row without gaps, and up to 3 more rows that hold nothing
   *     of meaning
   * @param rows rows of the result
   * @param depth the inner extent
   * @param columns columns of the result, a multiple of {@link Matrix#PAIR}
   */
  static void multiply(
      Matrix a, Matrix b, Matrix c, int rows, int depth, int columns, boolean add) {
    int padded = (rows + 3) & -4;
    boolean ofTiles = b.rowStride() == EDGE && c.rowStride() == EDGE;
    boolean turned = ofTiles && a.rowStride() == 1 && a.columnStride() == EDGE;
    boolean tiled = ofTiles && a.columnStride() == 1;
    int wide = MANY_REGISTERS ? columns - columns % FOUR : 0;
    int sixes = padded - 4 * quads(padded);
    for (int column = 0; column < wide; column += FOUR) {
      for (int row = 0; row < sixes; row += 6) {
        if (turned) {
          SixTurnedByFour.multiply(a, b, c, row, column, depth, add);
        } else if (tiled) {
          SixTiledByFour.multiply(a, b, c, row, column, depth, add);
        } else {
          SixByFour.multiply(a, b, c, row, column, depth, add);
        }
      }
      for (int row = sixes; row < padded; row += 4) {
        if (turned) {
          FourTurnedByFour.multiply(a, b, c, row, column, depth, add);
        } else if (tiled) {
          FourTiledByFour.multiply(a, b, c, row, column, depth, add);
        } else {
          FourByTwo.multiply(a, b, c, row, column, depth, add);
          FourByTwo.multiply(a, b, c, row, column + Matrix.PAIR, depth, add);
        }
      }
    }
    int block = turned ? 5 : 6;
    int most = turned ? padded - 4 * (padded / 4 % 5) : sixes;
    for (int row = 0; row < most; row += block) {
      for (int column = wide; column < columns; column += Matrix.PAIR) {
        if (turned) {
          FiveTurnedByTwo.multiply(a, b, c, row, column, depth, add);
        } else if (a.columnStride() != 1) {
          SixStridedByTwo.multiply(a, b, c, row, column, depth, add);
        } else if (tiled) {
          SixTiledByTwo.multiply(a, b, c, row, column, depth, add);
        } else {
          SixByTwo.multiply(a, b, c, row, column, depth, add);
        }
      }
    }
    for (int row = most; row < padded; row += 4) {
      for (int column = wide; column < columns; column += Matrix.PAIR) {
        FourByTwo.multiply(a, b, c, row, column, depth, add);
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
