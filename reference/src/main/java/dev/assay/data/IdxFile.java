package dev.assay.data;

import dev.assay.file.FormatException;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Path;

/**
 * The IDX format of MNIST, big-endian: two zero bytes, the type (8 for unsigned bytes), the number
 * of axes, an extent of four bytes for each, then the elements. Only unsigned bytes are read.
 */
public final class IdxFile {
  private static final int UNSIGNED_BYTES = 8;
  private static final int MOST_AXES = 4;

  private IdxFile() {}

  /**
   * The elements, 0..255.
   *
   * @throws FormatException if the header is not one, or the length is not what it says
   */
  public static Tensor read(Path file) throws IOException {
    byte[] bytes = DataFile.bytes(file, DataFile.MOST);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    if (bytes.length < 4 || in.getShort() != 0) {
      throw DataFile.fault(file, "magic", "does not begin with two zero bytes and a type");
    }
    int type = in.get();
    int rank = in.get();
    if (type != UNSIGNED_BYTES || rank < 1 || rank > MOST_AXES) {
      throw DataFile.fault(
          file,
          "magic",
          "has type %d and %d axes: type 8 with 1 to %d is read".formatted(type, rank, MOST_AXES));
    }
    if (in.remaining() < 4 * rank) {
      throw DataFile.fault(file, "extents", "are cut off");
    }
    int[] extents = new int[rank];
    long size = 1;
    for (int axis = 0; axis < rank; axis++) {
      extents[axis] = in.getInt();
      size = extents[axis] < 0 || size > DataFile.MOST ? -1 : size * extents[axis];
      if (size < 0) {
        throw DataFile.fault(file, "extents", "are more than the file can hold");
      }
    }
    if (size != in.remaining()) {
      throw DataFile.fault(
          file, "elements", "are " + in.remaining() + ": the header promises " + size);
    }
    int start = in.position();
    return Tensor.generate(Shape.of(extents), p -> bytes[start + p] & 0xFF);
  }
}
