package dev.assay.accelerated.device;

import dev.assay.check.Require;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Rows of binary16 for matrix units: 64 channels each, the missing ones 0, two to an int with the
 * lower channel in the lower half. Numbers are rounded to nearest, ties to even.
 */
public final class HalfRows {
  /** Ints of a row. */
  public static final int PITCH = Tiles.SLAB / 2;

  private static final int MASK = 0xFFFF;

  private HalfRows() {}

  /** Whether all numbers are finite and stay so in binary16. */
  public static boolean fit(List<Tensor> tensors) {
    for (Tensor tensor : tensors) {
      for (float value : tensor.floats()) {
        if (!Float.isFinite(Float.float16ToFloat(Float.floatToFloat16(value)))) {
          return false;
        }
      }
    }
    return true;
  }

  /** How many rows a tensor has. */
  public static int count(Tensor tensor) {
    int rows = 1;
    for (int axis = 0; axis + 1 < tensor.shape().rank(); axis++) {
      rows = Math.multiplyExact(rows, tensor.shape().extent(axis));
    }
    return rows;
  }

  /** The rows of a tensor whose last axis has at most 64 channels. */
  public static int[] of(Tensor tensor) {
    int width = tensor.shape().extent(tensor.shape().rank() - 1);
    Require.argument(width <= Tiles.SLAB, "rows have %d channels: at most %d", width, Tiles.SLAB);
    float[] values = tensor.floats();
    int rows = count(tensor);
    int[] packed = new int[Math.multiplyExact(rows, PITCH)];
    for (int row = 0; row < rows; row++) {
      for (int c = 0; c < width; c++) {
        int bits = Float.floatToFloat16(values[row * width + c]) & MASK;
        packed[row * PITCH + c / 2] |= c % 2 == 0 ? bits : (bits << Short.SIZE);
      }
    }
    return packed;
  }
}
