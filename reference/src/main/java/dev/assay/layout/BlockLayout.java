package dev.assay.layout;

import java.io.IOException;

/** A way of writing down which blocks exist, as tensors of a file. */
public interface BlockLayout {
  /** What it is, where it comes from, and what it can say. */
  LayoutCard card();

  /** Its name in files and on the command line. */
  default String id() {
    return card().id();
  }

  /**
   * Reads a mask; every index that is used is checked.
   *
   * @throws dev.assay.file.FormatException with file, tensor and rule, if one is broken
   */
  BlockMaps read(LayoutInput in) throws IOException;

  /** Writes a mask that {@link Fit} has found to need no more than the card's abilities. */
  void write(BlockMaps maps, LayoutOutput out);
}
