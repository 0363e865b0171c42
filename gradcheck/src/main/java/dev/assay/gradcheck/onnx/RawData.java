package dev.assay.gradcheck.onnx;

import dev.assay.file.FormatException;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.nio.ByteBuffer;
import java.nio.ByteOrder;

/** The field raw_data of a TensorProto: little-endian elements without padding. */
final class RawData {
  private static final long LARGEST_EXACT = 1L << 53;

  private RawData() {}

  static Tensor read(byte[] raw, DType dtype, Shape shape, Message tensor) throws FormatException {
    long wanted = (long) shape.size() * dtype.bytes();
    if (raw.length != wanted) {
      throw tensor.fault(
          "raw_data",
          "has %d bytes, but %s %s wants %d".formatted(raw.length, dtype, shape, wanted));
    }
    ByteBuffer bytes = ByteBuffer.wrap(raw).order(ByteOrder.LITTLE_ENDIAN);
    double[] values = new double[shape.size()];
    for (int p = 0; p < values.length; p++) {
      values[p] =
          switch (dtype) {
            case F64 -> bytes.getDouble();
            case F32 -> bytes.getFloat();
            case F16, BF16 -> half(bytes.getShort(), dtype);
            case I64 -> exact(bytes.getLong(), tensor);
            case I32 -> bytes.getInt();
            case I16 -> bytes.getShort();
            case I8 -> bytes.get();
            case U8 -> bytes.get() & 0xFF;
            case BOOL -> truth(bytes.get(), tensor);
          };
    }
    return Tensor.adopt(shape, values);
  }

  /** The number of a 16-bit pattern. */
  static double half(int bits, DType dtype) {
    return dtype == DType.F16
        ? Float.float16ToFloat((short) bits)
        : Float.intBitsToFloat(bits << Short.SIZE);
  }

  private static double exact(long value, Message tensor) throws FormatException {
    if (value > LARGEST_EXACT || value < -LARGEST_EXACT) {
      throw tensor.fault(
          "raw_data", value + " lies beyond 2^53, where fp64 no longer holds every integer");
    }
    return value;
  }

  private static double truth(byte value, Message tensor) throws FormatException {
    if (value != 0 && value != 1) {
      throw tensor.fault(
          "raw_data", "the byte " + (value & 0xFF) + " is no BOOL: it must be 0 or 1");
    }
    return value;
  }
}
