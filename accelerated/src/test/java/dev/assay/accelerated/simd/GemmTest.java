package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("width")
class GemmTest {
  private static final Draw DRAW = new Draw(24);
  private static final int DEPTH = 37;
  private static final int COLUMNS = Matrix.padded(70);

  /** Exactly: an element is one chain of fused multiply-adds, at every width. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 6, 7, 8, 12, 16, 20, 31, 59, 60, 61, 63, 64})
  void an_element_is_a_chain_of_fused_multiply_adds(int rows) {
    holds(matrix(1, Tile.EDGE, DEPTH), rows);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 6, 8, 61, 64})
  void the_left_factor_may_be_transposed(int rows) {
    holds(matrix(1, DEPTH, Tile.EDGE).transposed(), rows);
  }

  /** Tiles without gaps, as kernels of fixed steps want them. */
  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 9, 12, 20, 60, 61, 64})
  void a_turned_tile_meets_a_tile(int rows) {
    holds(tile(1).transposed(), tile(2), tile(3), rows, Tile.EDGE);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 4, 5, 6, 9, 12, 20, 60, 61, 64})
  void rows_meet_a_tile(int rows) {
    holds(matrix(1, Tile.EDGE, DEPTH), tile(2), tile(3), rows, Tile.EDGE);
  }

  private static Matrix tile(int stream) {
    Matrix tile = Matrix.scratch(Tile.EDGE, Tile.EDGE);
    double[] drawn = DRAW.bell(stream, tile.values().length).doubles();
    for (int p = 0; p < drawn.length; p++) {
      tile.values()[p] = (float) drawn[p];
    }
    return tile;
  }

  private static void holds(Matrix a, int rows) {
    holds(a, matrix(2, DEPTH, COLUMNS), matrix(3, Tile.EDGE, COLUMNS), rows, COLUMNS);
  }

  private static void holds(Matrix a, Matrix b, Matrix c, int rows, int columns) {
    float[] before = c.values().clone();
    Gemm.multiply(a, b, c, rows, DEPTH, columns, true);
    float[] added = c.values().clone();
    Gemm.multiply(a, b, c, rows, DEPTH, columns, false);
    for (int r = 0; r < rows; r++) {
      for (int col = 0; col < columns; col++) {
        int at = c.row(r) + col;
        assertEquals(chain(a, b, r, col, before[at]), added[at]);
        assertEquals(chain(a, b, r, col, 0), c.values()[at]);
      }
    }
  }

  private static float chain(Matrix a, Matrix b, int row, int col, float start) {
    float sum = start;
    for (int k = 0; k < DEPTH; k++) {
      sum =
          Math.fma(a.values()[a.row(row) + k * a.columnStride()], b.values()[b.row(k) + col], sum);
    }
    return sum;
  }

  /** Somewhere in a larger array, with gaps between its rows. */
  private static Matrix matrix(int stream, int rows, int columns) {
    int stride = columns + 3;
    float[] values = new float[5 + (rows + 3) * stride];
    double[] drawn = DRAW.bell(stream, values.length).doubles();
    for (int p = 0; p < values.length; p++) {
      values[p] = (float) drawn[p];
    }
    return Matrix.window().moveTo(values, 5, stride);
  }
}
