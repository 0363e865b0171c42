package dev.assay.accelerated.simd;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Tag;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

@Tag("width")
class TurnedProductTest {
  private static final Draw DRAW = new Draw(27);
  private static final int COLUMNS = Matrix.padded(40);
  private static final int[] DEPTHS = {64, 37, 1};

  /** Exactly, whether left rows are read where they lie or copied over what was there before. */
  @ParameterizedTest
  @CsvSource({"64, 64", "64, 33", "32, 32", "80, 65", "80, 80", "128, 128", "128, 61", "4, 1"})
  void an_element_is_a_chain_of_fused_multiply_adds(int stride, int channels) {
    TurnedProduct product = new TurnedProduct();
    for (int depth : DEPTHS) {
      Matrix left = rows(1 + depth, stride, stride);
      Matrix right = rows(2 + depth, Tile.EDGE, Tile.EDGE);
      Matrix result = rows(3 + depth, 2 * Tile.EDGE, Tile.EDGE);
      float[] before = result.values().clone();
      product.add(left, right, result, channels, depth, COLUMNS);
      for (int c = 0; c < channels; c++) {
        for (int col = 0; col < COLUMNS; col++) {
          float sum = before[result.row(c) + col];
          for (int r = 0; r < depth; r++) {
            sum = Math.fma(left.values()[left.row(r) + c], right.values()[right.row(r) + col], sum);
          }
          assertEquals(sum, result.values()[result.row(c) + col]);
        }
      }
    }
  }

  /** Numbers in every place, also in those that must have no influence. */
  private static Matrix rows(int stream, int rows, int stride) {
    double[] drawn = DRAW.bell(stream, Math.max(rows, Tile.EDGE) * stride + 3).doubles();
    float[] values = new float[drawn.length];
    for (int p = 0; p < drawn.length; p++) {
      values[p] = (float) drawn[p];
    }
    return Matrix.window().moveTo(values, 0, stride);
  }
}
