package dev.assay.layout;

import dev.assay.file.TensorFile;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.stream.IntStream;

/** Small files of whole numbers, and masks as text. */
final class Tensors {
  private final TensorFile.Builder file = TensorFile.builder();

  static Tensors of(String name, Shape shape, int... values) {
    return new Tensors().and(name, shape, values);
  }

  Tensors and(String name, Shape shape, int... values) {
    file.put(name, DType.I64, Tensor.generate(shape, p -> values[p]));
    return this;
  }

  TensorFile file() {
    return file.build();
  }

  BlockMaps read(String layout, int blockQ, int blockK, int queries, int keys) throws IOException {
    LayoutOptions options = LayoutOptions.none().sizes(blockQ, blockK, queries, keys);
    return LayoutCatalog.find(layout).read(new LayoutInput(file(), options));
  }

  BlockMaps read(String layout) throws IOException {
    return read(layout, 0, 0, 0, 0);
  }

  /**
   * A row of characters for each row of blocks: '.' not listed, 'x' PARTIAL, 'X' FULL, 'b' bits.
   */
  static String text(BlockMaps maps, int map) {
    var rows = maps.rows(map);
    StringBuilder text = new StringBuilder();
    for (int row = 0; row < maps.queryBlocks(); row++) {
      for (int column = 0; column < maps.keyBlocks(); column++) {
        int e = rows.find(row, column);
        boolean bits = e >= 0 && rows.bits() != null && rows.bits()[e] != null;
        text.append(e < 0 ? '.' : bits ? 'b' : rows.full()[e] ? 'X' : 'x');
      }
      text.append(row + 1 < maps.queryBlocks() ? "/" : "");
    }
    return text.toString();
  }

  static int[] values(TensorFile file, String name) throws IOException {
    Tensor tensor = file.tensor(name);
    return IntStream.range(0, tensor.size()).map(p -> (int) tensor.get(p)).toArray();
  }
}
