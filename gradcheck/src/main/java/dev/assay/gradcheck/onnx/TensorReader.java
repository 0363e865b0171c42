package dev.assay.gradcheck.onnx;

import com.google.protobuf.CodedInputStream;
import dev.assay.file.FormatException;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads a TensorProto, whose elements lie in raw_data (little-endian) or in one of the typed lists:
 * float_data, int32_data (all small integers, booleans, and binary16 and bfloat16 as bit patterns),
 * int64_data, double_data.
 */
final class TensorReader {
  private static final long LARGEST_EXACT = 1L << 53;
  private static final int MOST_AXES = 16;

  private final Message tensor;
  private final NumberList dims = new NumberList();
  private final NumberList elements = new NumberList();
  private int type;
  private byte @Nullable [] raw;

  private TensorReader(Message tensor) {
    this.tensor = tensor;
  }

  static OnnxTensor read(Message tensor) throws FormatException {
    TensorReader reader = new TensorReader(tensor);
    for (int field = tensor.next(); field != 0; field = tensor.next()) {
      reader.field(field);
    }
    return reader.finish();
  }

  private void field(int field) throws FormatException {
    switch (field) {
      case 1 -> integers(dims);
      case 2 -> type = (int) tensor.integer();
      case 4 -> reals();
      case 5, 7 -> integers(elements);
      case 9 -> raw = tensor.bytes();
      case 10 -> wideReals();
      case 13 -> throw tensor.fault("external_data", "is not read: put the elements in the file");
      case 6, 11 ->
          throw tensor.fault(
              "field " + field, "text and unsigned 64-bit elements have no tensor here");
      default -> tensor.skip();
    }
  }

  private void integers(NumberList to) throws FormatException {
    if (!tensor.delimited()) {
      to.add(exact(tensor.integer()));
      return;
    }
    CodedInputStream packed = tensor.packed();
    while (!tensor.get("packed integers", packed::isAtEnd)) {
      to.add(exact(tensor.get("packed integers", packed::readInt64)));
    }
  }

  private void reals() throws FormatException {
    if (!tensor.delimited()) {
      elements.add(tensor.real());
      return;
    }
    CodedInputStream packed = tensor.packed();
    while (!tensor.get("float_data", packed::isAtEnd)) {
      elements.add(tensor.get("float_data", packed::readFloat));
    }
  }

  private void wideReals() throws FormatException {
    if (!tensor.delimited()) {
      elements.add(tensor.wideReal());
      return;
    }
    CodedInputStream packed = tensor.packed();
    while (!tensor.get("double_data", packed::isAtEnd)) {
      elements.add(tensor.get("double_data", packed::readDouble));
    }
  }

  private double exact(long value) throws FormatException {
    if (Math.abs(value) > LARGEST_EXACT || value == Long.MIN_VALUE) {
      throw tensor.fault(
          "integers", value + " lies beyond 2^53, where fp64 no longer holds every integer");
    }
    return value;
  }

  private OnnxTensor finish() throws FormatException {
    DType dtype = dtype();
    Shape shape = shape();
    byte[] bytes = raw;
    if (bytes != null && elements.size() > 0) {
      throw tensor.fault(
          "raw_data", "is given besides a typed list: only one may hold the elements");
    }
    if (bytes != null) {
      return new OnnxTensor(dtype, RawData.read(bytes, dtype, shape, tensor));
    }
    if (elements.size() != shape.size()) {
      throw tensor.fault(
          "elements",
          "there are %d, but dims %s want %d".formatted(elements.size(), shape, shape.size()));
    }
    double[] values = elements.toArray();
    if (dtype == DType.F16 || dtype == DType.BF16) {
      Arrays.setAll(values, p -> RawData.half((int) values[p], dtype));
    }
    return new OnnxTensor(dtype, Tensor.adopt(shape, values));
  }

  private DType dtype() throws FormatException {
    return switch (type) {
      case 1 -> DType.F32;
      case 2 -> DType.U8;
      case 3 -> DType.I8;
      case 5 -> DType.I16;
      case 6 -> DType.I32;
      case 7 -> DType.I64;
      case 9 -> DType.BOOL;
      case 10 -> DType.F16;
      case 11 -> DType.F64;
      case 16 -> DType.BF16;
      default ->
          throw tensor.fault(
              "data_type",
              type + " is none of 1, 2, 3, 5, 6, 7, 9, 10, 11, 16, which are read here");
    };
  }

  private Shape shape() throws FormatException {
    if (dims.size() > MOST_AXES) {
      throw tensor.fault(
          "dims", "there are " + dims.size() + ", at most " + MOST_AXES + " are read");
    }
    double[] extents = dims.toArray();
    int[] small = new int[extents.length];
    for (int axis = 0; axis < small.length; axis++) {
      if (extents[axis] < 0 || extents[axis] > Integer.MAX_VALUE) {
        throw tensor.fault("dims", "%.0f must lie in 0..2^31 - 1".formatted(extents[axis]));
      }
      small[axis] = (int) extents[axis];
    }
    try {
      return Shape.of(small);
    } catch (IllegalArgumentException tooLarge) {
      throw tensor.fault("dims", String.valueOf(tooLarge.getMessage()));
    }
  }
}
