package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Tag("width")
class GemmTest {
  private static final Draw DRAW = new Draw(24);
  private static final int DEPTH = 37;
  private static final int COLUMNS = 70;

  /** Exactly: an element is one chain of fused multiply-adds, at every width. */
  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 5, 6, 7, 8, 12, 16, 20, 31, 59, 60, 61, 63, 64})
  void an_element_is_a_chain_of_fused_multiply_adds(int rows) {
    Tile a = tile(1, DEPTH);
    Panel b = panel();
    Tile c = tile(3, COLUMNS);
    Tile before = new Tile(c.values().clone(), c.stride());
    Tile fresh = tile(4, COLUMNS);
    Gemm.multiply(a, b, c, rows, true);
    Gemm.multiply(a, b, fresh, rows, false);
    for (int r = 0; r < rows; r++) {
      for (int col = 0; col < COLUMNS; col++) {
        int at = r * c.stride() + col;
        assertEquals(chain(a, b, r, col, before.values()[at]), c.values()[at]);
        assertEquals(chain(a, b, r, col, 0), fresh.values()[at]);
      }
    }
  }

  private static float chain(Tile a, Panel b, int row, int col, float start) {
    float sum = start;
    for (int k = 0; k < DEPTH; k++) {
      int at = b.offset() + col / Panel.GROUP * b.groupStride() + k * Panel.GROUP;
      sum = Math.fma(a.values()[row * a.stride() + k], b.values()[at + col % Panel.GROUP], sum);
    }
    return sum;
  }

  private static Tile tile(int stream, int columns) {
    Tile tile = Tile.of(columns);
    fill(stream, tile.values());
    return tile;
  }

  private static Panel panel() {
    int groupStride = (DEPTH + 2) * Panel.GROUP;
    int groups = Panel.groups(COLUMNS);
    float[] values = new float[5 + groups * groupStride];
    fill(2, values);
    return new Panel(values, 5, DEPTH, groupStride, groups);
  }

  private static void fill(int stream, float[] values) {
    double[] drawn = DRAW.bell(stream, values.length).doubles();
    for (int p = 0; p < values.length; p++) {
      values[p] = (float) drawn[p];
    }
  }
}
