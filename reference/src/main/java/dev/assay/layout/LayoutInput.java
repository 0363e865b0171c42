package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.file.TensorFile;
import dev.assay.pattern.BlockMask;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.OptionalInt;

/** A file that claims a layout, and what the user adds to it. */
public final class LayoutInput {
  /** More blocks along an axis are taken for a forged size. */
  private static final int MOST_BLOCKS = 1 << 24;

  private final TensorFile file;
  private final LayoutOptions options;

  /** A file and the user's options. */
  public LayoutInput(TensorFile file, LayoutOptions options) {
    this.file = file;
    this.options = options;
  }

  boolean has(String name) {
    return file.has(name);
  }

  FormatException fault(String tensor, String rule) {
    return new FormatException(file.source(), "tensor " + tensor, rule);
  }

  /** A tensor of whole numbers with a rank between two limits. */
  IntTensor integers(String name, int least, int most) throws IOException {
    int rank = file.shape(name).rank();
    if (rank < least || rank > most) {
      String wanted = least == most ? String.valueOf(least) : least + " to " + most;
      throw fault(name, "has shape %s: %s axes are needed".formatted(file.shape(name), wanted));
    }
    if (file.dtype(name).floating()) {
      throw fault(name, "has type " + file.dtype(name) + ": a type of whole numbers is needed");
    }
    checkEmpty(name);
    Tensor tensor = file.tensor(name);
    int[] values = new int[tensor.size()];
    for (int p = 0; p < values.length; p++) {
      double value = tensor.get(p);
      if (Math.abs(value) > Integer.MAX_VALUE) {
        throw fault(name, "holds %.0f: more than 2^31 - 1 is no index".formatted(value));
      }
      values[p] = (int) value;
    }
    return new IntTensor(name, tensor.shape(), values);
  }

  /** An empty tensor takes no bytes, yet its other extents could ask for any number of maps. */
  private void checkEmpty(String name) throws FormatException {
    long extents = 1;
    for (int extent : file.shape(name).toArray()) {
      extents *= Math.max(extent, 1);
      if (file.shape(name).size() == 0 && extents > MOST_BLOCKS) {
        throw fault(name, "has shape " + file.shape(name) + " and no element in it");
      }
    }
  }

  /** A tensor of 0 and 1. */
  IntTensor flags(String name, int least, int most) throws IOException {
    IntTensor flags = integers(name, least, most);
    for (int value : flags.values()) {
      if (value != 0 && value != 1) {
        throw fault(name, "holds " + value + ": 0 and 1 are allowed");
      }
    }
    return flags;
  }

  /** Where a tensor of any type is not 0; for values of sparse matrices. */
  IntTensor notZero(String name, int least, int most) throws IOException {
    checkEmpty(name);
    Tensor tensor = file.tensor(name);
    int rank = tensor.shape().rank();
    if (rank < least || rank > most) {
      throw fault(
          name, "has shape %s: %d to %d axes are needed".formatted(tensor.shape(), least, most));
    }
    int[] values = new int[tensor.size()];
    for (int p = 0; p < values.length; p++) {
      values[p] = tensor.get(p) != 0 ? 1 : 0;
    }
    return new IntTensor(name, tensor.shape(), values);
  }

  /** One element of a tensor of sizes, if the file has the tensor. */
  OptionalInt size(String name, int position, int elements) throws IOException {
    if (!has(name)) {
      return OptionalInt.empty();
    }
    IntTensor sizes = integers(name, 0, 1);
    if (sizes.values().length != elements) {
      throw fault(name, "has shape %s: %d numbers are needed".formatted(sizes.shape(), elements));
    }
    if (sizes.get(position) < 0) {
      throw fault(name, "holds " + sizes.get(position) + ": a size is not negative");
    }
    return OptionalInt.of(sizes.get(position));
  }

  /** The bounds of equal blocks, whose number is known. */
  int[] bounds(Axis axis, int blocks, OptionalInt ownSize, OptionalInt ownLength)
      throws FormatException {
    int size = blockSize(axis, ownSize);
    long whole = Math.min((long) blocks * size, Integer.MAX_VALUE);
    int length = length(axis, ownLength).orElse((int) whole);
    if (Math.ceilDiv(length, size) != blocks) {
      throw about(
          axis,
          "there are %d blocks, but %d %s in blocks of %d make %d: check %s and %s"
              .formatted(
                  blocks,
                  length,
                  axis.word(),
                  size,
                  Math.ceilDiv(length, size),
                  axis.sizeOption(),
                  axis.lengthOption()));
    }
    return BlockMask.uniformBounds(length, size);
  }

  /** The bounds of equal blocks of so many tokens; no tensor tells the number of blocks. */
  int[] bounds(Axis axis, OptionalInt ownSize, OptionalInt ownLength) throws FormatException {
    OptionalInt length = length(axis, ownLength);
    if (length.isEmpty()) {
      throw about(axis, "the file does not tell how many there are: give " + axis.lengthOption());
    }
    int size = blockSize(axis, ownSize);
    int blocks = Math.ceilDiv(length.getAsInt(), size);
    if (blocks > MOST_BLOCKS) {
      throw about(
          axis, "%d blocks are claimed: at most %d are read".formatted(blocks, MOST_BLOCKS));
    }
    return BlockMask.uniformBounds(length.getAsInt(), size);
  }

  /** The number of tokens in a block, which the file or the user tells. */
  int blockSize(Axis axis, OptionalInt own) throws FormatException {
    OptionalInt size = agreed(axis, own, options.size(axis), axis.sizeOption());
    if (size.isEmpty()) {
      throw about(
          axis, "the file does not tell how many are in a block: give " + axis.sizeOption());
    }
    if (size.getAsInt() < 1) {
      throw about(axis, "there are " + size.getAsInt() + " in a block: at least 1 is needed");
    }
    return size.getAsInt();
  }

  /** The number of tokens, if the file or the user tells it. */
  OptionalInt length(Axis axis, OptionalInt own) throws FormatException {
    return agreed(axis, own, options.length(axis), axis.lengthOption());
  }

  private OptionalInt agreed(Axis axis, OptionalInt own, OptionalInt told, String option)
      throws FormatException {
    if (own.isPresent() && told.isPresent() && own.getAsInt() != told.getAsInt()) {
      throw about(
          axis,
          "the file or its layout says %d, but %s %d: leave the option out"
              .formatted(own.getAsInt(), option, told.getAsInt()));
    }
    return own.isPresent() ? own : told;
  }

  private FormatException about(Axis axis, String rule) {
    return new FormatException(file.source(), axis.word(), rule);
  }

  /** Bounds of blocks of any sizes: 0, ascending, ending with the number of tokens. */
  int[] listedBounds(Axis axis, String name) throws IOException {
    int[] bounds = integers(name, 1, 1).values();
    boolean good = bounds.length > 0 && bounds[0] == 0;
    for (int block = 1; good && block < bounds.length; block++) {
      good = bounds[block] > bounds[block - 1];
    }
    if (!good) {
      throw fault(name, "holds " + Arrays.toString(bounds) + ": it must begin with 0 and ascend");
    }
    length(axis, OptionalInt.of(bounds[bounds.length - 1]));
    return bounds;
  }
}
