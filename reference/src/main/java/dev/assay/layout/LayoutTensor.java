package dev.assay.layout;

import dev.assay.tensor.DType;

/**
 * A tensor of a layout.
 *
 * @param name exactly as the source project calls it
 * @param shape extents; NQ and NK are the numbers of blocks of queries and of keys
 * @param dtype the type that is written; any type of whole numbers is read
 * @param optional whether a file may lack it
 * @param meaning what an element says
 */
public record LayoutTensor(
    String name, String shape, DType dtype, boolean optional, String meaning) {
  static LayoutTensor of(String name, String shape, DType dtype, String meaning) {
    return new LayoutTensor(name, shape, dtype, false, meaning);
  }

  static LayoutTensor maybe(String name, String shape, DType dtype, String meaning) {
    return new LayoutTensor(name, shape, dtype, true, meaning);
  }
}
