package dev.assay.gradcheck.fuzz;

import dev.assay.file.FormatException;
import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.layout.BlockLayout;
import dev.assay.layout.Conversion;
import dev.assay.layout.LayoutCard;
import dev.assay.layout.LayoutCatalog;
import dev.assay.layout.LayoutOptions;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/**
 * The readers of block masks, all in one: the metadata of a document names the layout that it is
 * read as, which its user would say.
 */
final class LayoutReaders {
  private static final String NAME = "x.safetensors";
  private static final String TABLE = "assay-table";
  private static final int ROWS = 2;
  private static final int COLUMNS = 3;

  private LayoutReaders() {}

  /** All of them. */
  static List<FuzzReader> all() throws IOException {
    List<byte[]> corpus = new ArrayList<>();
    for (BlockLayout layout : LayoutCatalog.all()) {
      corpus.add(masks(layout));
    }
    return List.of(new FuzzReader("layout", NAME, corpus, LayoutReaders::convert));
  }

  private static byte[] masks(BlockLayout layout) throws IOException {
    int rows = layout.id().equals("seer-decode") ? 1 : ROWS;
    Tensor every = Tensor.full(Shape.of(rows, COLUMNS), 1);
    TensorFile table = TensorFile.builder().put("block_mask", DType.BOOL, every).build();
    LayoutOptions options = sizes(layout.card(), rows);
    return Safetensors.bytes(
        NAME, Conversion.of(table, LayoutCatalog.find(TABLE), layout, options).file());
  }

  private static LayoutOptions sizes(LayoutCard card, int rows) {
    int blockQ = card.blockQ() > 0 ? card.blockQ() : 2;
    int blockK = card.blockK() > 0 ? card.blockK() : 2;
    return LayoutOptions.none().sizes(blockQ, blockK, rows * blockQ, COLUMNS * blockK);
  }

  /** As 'convert' does it. */
  private static void convert(byte[] bytes) throws IOException {
    TensorFile file = Safetensors.read(NAME, bytes);
    try {
      BlockLayout layout = LayoutCatalog.find(file.metadata().getOrDefault("layout", TABLE));
      int rows = layout.id().equals("seer-decode") ? 1 : ROWS;
      var _ =
          Conversion.of(
              file, layout, LayoutCatalog.find("assay-lists"), sizes(layout.card(), rows));
    } catch (IllegalArgumentException refused) {
      throw new FormatException(NAME, "mask", String.valueOf(refused.getMessage()));
    }
  }
}
