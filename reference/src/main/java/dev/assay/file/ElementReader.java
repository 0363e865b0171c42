package dev.assay.file;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/**
 * Turns little-endian elements into tensors: F32 storage for F32, F16 and BF16, F64 storage for all
 * others. It reads chunk by chunk, so that a tensor is never in memory twice.
 */
final class ElementReader {
  private static final int CHUNK = 1 << 16;
  private static final long LARGEST_EXACT = 1L << 53;

  private final InputStream in;
  private final DType dtype;
  private final Place place;

  private ElementReader(InputStream in, DType dtype, Place place) {
    this.in = in;
    this.dtype = dtype;
    this.place = place;
  }

  /**
   * Reads a tensor whose bytes are known to be there.
   *
   * @throws FormatException if the bytes end early, a value does not fit, or memory does not
   *     suffice
   */
  static Tensor read(InputStream in, DType dtype, Shape shape, Place place) throws IOException {
    ElementReader reader = new ElementReader(in, dtype, place);
    try {
      return switch (dtype) {
        case F32, F16, BF16 -> Tensor.adopt(shape, reader.floats(new float[shape.size()]));
        default -> Tensor.adopt(shape, reader.doubles(new double[shape.size()]));
      };
    } catch (OutOfMemoryError tooLarge) {
      throw place.fault(
          shape + " elements do not fit in Java's memory: give it more, for example -Xmx8g");
    }
  }

  private float[] floats(float[] values) throws IOException {
    for (int at = 0; at < values.length; ) {
      ByteBuffer chunk = next(values.length - at);
      while (chunk.hasRemaining()) {
        values[at++] =
            switch (dtype) {
              case F16 -> HalfBits.fromF16(chunk.getShort());
              case BF16 -> HalfBits.fromBf16(chunk.getShort());
              default -> chunk.getFloat();
            };
      }
    }
    return values;
  }

  private double[] doubles(double[] values) throws IOException {
    for (int at = 0; at < values.length; ) {
      ByteBuffer chunk = next(values.length - at);
      while (chunk.hasRemaining()) {
        values[at++] =
            switch (dtype) {
              case I64 -> exact(chunk.getLong());
              case I32 -> chunk.getInt();
              case I16 -> chunk.getShort();
              case I8 -> chunk.get();
              case U8 -> chunk.get() & 0xFF;
              case BOOL -> truth(chunk.get());
              default -> chunk.getDouble();
            };
      }
    }
    return values;
  }

  private ByteBuffer next(int elements) throws IOException {
    int bytes = (int) Math.min((long) elements * dtype.bytes(), CHUNK);
    byte[] chunk = in.readNBytes(bytes);
    if (chunk.length < bytes) {
      throw place.fault("the data ends early");
    }
    return ByteBuffer.wrap(chunk).order(ByteOrder.LITTLE_ENDIAN);
  }

  private double exact(long value) throws FormatException {
    if (value > LARGEST_EXACT || value < -LARGEST_EXACT) {
      throw place.fault(
          "the integer " + value + " lies beyond 2^53, where fp64 no longer holds every integer");
    }
    return value;
  }

  private double truth(byte value) throws FormatException {
    if (value != 0 && value != 1) {
      throw place.fault("the byte " + (value & 0xFF) + " is no BOOL: it must be 0 or 1");
    }
    return value;
  }
}
