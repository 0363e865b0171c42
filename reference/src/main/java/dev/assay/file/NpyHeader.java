package dev.assay.file;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * The header of a npy array.
 *
 * @param dtype element type
 * @param fortranOrder whether the first axis runs fastest in the file
 * @param shape extents
 */
record NpyHeader(DType dtype, boolean fortranOrder, Shape shape) {
  private static final byte[] MAGIC = {(byte) 0x93, 'N', 'U', 'M', 'P', 'Y'};
  private static final int LONGEST = 1 << 16;

  /**
   * Reads the header and leaves the stream at the first element.
   *
   * @param length bytes of header and data together
   */
  static NpyHeader read(InputStream in, long length, Place place) throws IOException {
    byte[] start = in.readNBytes(MAGIC.length + 2);
    if (start.length < MAGIC.length + 2
        || !Arrays.equals(MAGIC, Arrays.copyOf(start, MAGIC.length))) {
      throw place.fault("does not begin with numpy's magic: it is no npy array");
    }
    int major = start[MAGIC.length];
    if (major < 1 || major > 3 || start[MAGIC.length + 1] != 0) {
      throw place.fault(
          "has npy version %d.%d: 1.0, 2.0 and 3.0 are known"
              .formatted(major & 0xFF, start[MAGIC.length + 1] & 0xFF));
    }
    int lengthBytes = major == 1 ? 2 : 4;
    long headerLength = littleEndian(in.readNBytes(lengthBytes));
    if (headerLength > LONGEST) {
      throw place.fault(
          "its header is given as %d bytes: at most %d are read".formatted(headerLength, LONGEST));
    }
    byte[] text = in.readNBytes((int) headerLength);
    if (text.length < headerLength) {
      throw place.fault("its header ends early");
    }
    NpyHeader header =
        new NpyLiteral(
                new String(text, major == 3 ? StandardCharsets.UTF_8 : StandardCharsets.ISO_8859_1),
                place)
            .parse();
    header.checkLength(length - start.length - lengthBytes - headerLength, place);
    return header;
  }

  private void checkLength(long data, Place place) throws FormatException {
    long wanted = (long) shape.size() * dtype.bytes();
    if (data != wanted) {
      throw place.fault(
          "%s %s takes %d bytes, but %d follow its header".formatted(dtype, shape, wanted, data));
    }
  }

  private static long littleEndian(byte[] bytes) {
    long number = 0;
    for (int b = bytes.length - 1; b >= 0; b--) {
      number = (number << 8) | (bytes[b] & 0xFF);
    }
    return number;
  }

  /** The elements that follow, in row-major order. */
  Tensor values(InputStream in, Place place) throws IOException {
    if (!fortranOrder) {
      return ElementReader.read(in, dtype, shape, place);
    }
    return transposed(ElementReader.read(in, dtype, shape, place));
  }

  /** Reads the file's order, first axis fastest, into ours, last axis fastest. */
  private Tensor transposed(Tensor stored) {
    int rank = shape.rank();
    int[] index = new int[rank];
    int[] strides = shape.strides();
    float[] floats = new float[stored.storage() == Storage.F32 ? stored.size() : 0];
    double[] doubles = new double[stored.storage() == Storage.F64 ? stored.size() : 0];
    int target = 0;
    for (int p = 0; p < stored.size(); p++) {
      if (floats.length > 0) {
        floats[target] = stored.floats()[p];
      } else {
        doubles[target] = stored.doubles()[p];
      }
      for (int axis = 0; axis < rank; axis++) {
        target += strides[axis];
        if (++index[axis] < shape.extent(axis)) {
          break;
        }
        target -= index[axis] * strides[axis];
        index[axis] = 0;
      }
    }
    return stored.storage() == Storage.F32
        ? Tensor.adopt(shape, floats)
        : Tensor.adopt(shape, doubles);
  }
}
