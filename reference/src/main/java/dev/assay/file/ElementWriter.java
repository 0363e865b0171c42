package dev.assay.file;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Turns tensors into little-endian elements. Nothing is rounded in passing: a value that the type
 * cannot hold is refused.
 */
final class ElementWriter {
  private static final int CHUNK = 1 << 13;

  private ElementWriter() {}

  /**
   * Checks that the type holds every value of the tensor.
   *
   * @throws IllegalArgumentException that names the first value that does not fit
   */
  static void check(String name, DType dtype, Tensor tensor) {
    for (int p = 0; p < tensor.size(); p++) {
      double value = tensor.get(p);
      Require.argument(
          holds(dtype, value),
          "tensor %s: the value %s at position %d is no %s: round it first, or write another type",
          name,
          value,
          p,
          dtype);
    }
  }

  private static boolean holds(DType dtype, double value) {
    return switch (dtype) {
      case F64 -> true;
      case F32, F16, BF16 -> Double.isNaN(value) || dtype.round(value) == value;
      case I64 -> whole(value, -0x1p53, 0x1p53);
      case I32 -> whole(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
      case I16 -> whole(value, Short.MIN_VALUE, Short.MAX_VALUE);
      case I8 -> whole(value, Byte.MIN_VALUE, Byte.MAX_VALUE);
      case U8 -> whole(value, 0, 255);
      case BOOL -> whole(value, 0, 1);
    };
  }

  private static boolean whole(double value, double least, double most) {
    return value == Math.rint(value) && value >= least && value <= most;
  }

  /** Writes a tensor that has passed {@link #check}. */
  static void write(OutputStream out, DType dtype, Tensor tensor) throws IOException {
    ByteBuffer chunk = ByteBuffer.allocate(CHUNK * dtype.bytes()).order(ByteOrder.LITTLE_ENDIAN);
    for (int p = 0; p < tensor.size(); p++) {
      put(chunk, dtype, tensor, p);
      if (!chunk.hasRemaining()) {
        out.write(chunk.array(), 0, chunk.position());
        chunk.clear();
      }
    }
    out.write(chunk.array(), 0, chunk.position());
  }

  private static void put(ByteBuffer chunk, DType dtype, Tensor tensor, int p) {
    switch (dtype) {
      case F64 -> chunk.putDouble(tensor.get(p));
      case F32 -> chunk.putFloat(single(tensor, p));
      case F16 -> chunk.putShort((short) HalfBits.toF16(single(tensor, p)));
      case BF16 -> chunk.putShort((short) HalfBits.toBf16(single(tensor, p)));
      case I64 -> chunk.putLong((long) tensor.get(p));
      case I32 -> chunk.putInt((int) tensor.get(p));
      case I16 -> chunk.putShort((short) tensor.get(p));
      case I8, U8, BOOL -> chunk.put((byte) (int) tensor.get(p));
    }
  }

  /** Not through a double where the tensor is held as F32: that would quiet signalling NaNs. */
  private static float single(Tensor tensor, int p) {
    return tensor.storage() == Storage.F32 ? tensor.floats()[p] : (float) tensor.get(p);
  }
}
