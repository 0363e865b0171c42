package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.BitSet;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * FlashInfer's page table read as a block mask: a request is a block of queries, a page of keys.
 */
final class FlashInferPages implements BlockLayout {
  private static final String LAST = "kv_last_page_len";

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "flashinfer-pages",
        "page table of FlashInfer",
        "flashinfer-ai/flashinfer docs/tutorials/kv_layout.rst and flashinfer/sparse.py",
        0,
        0,
        Set.of(
            Ability.UNEQUAL_QUERIES,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS,
            Ability.RECTANGLES),
        List.of(
            LayoutTensor.of("qo_indptr", "[NQ + 1]", DType.I32, "first query of each, and n_q"),
            LayoutTensor.of("kv_indptr", "[NQ + 1]", DType.I32, "start of each list of pages"),
            LayoutTensor.of("kv_indices", "[z]", DType.I32, "pages, in any order in a list"),
            LayoutTensor.of(
                LAST, "[NQ]", DType.I32, "keys in the last page of each list, 1 to page_size"),
            LayoutTensor.maybe("page_size", "[1]", DType.I64, "keys in a page"),
            LayoutTensor.maybe("max_num_pages", "[1]", DType.I64, "NK, pages of the cache")),
        List.of(
            "Pages are blocks of keys as they lie in the cache; where pages are shuffled, so are"
                + " the keys of the mask.",
            "Without --k and max_num_pages the cache ends with the last page that is listed.",
            "A last page that is cut short is read as bits; only the end of the cache is written so."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    Compressed lists = Compressed.read(in, "kv_indptr", "kv_indices", 0);
    lists.refuseUnused(in);
    int[] qBounds = in.listedBounds(Axis.QUERIES, "qo_indptr");
    IntTensor last = in.integers(LAST, 1, 1);
    if (qBounds.length - 1 != lists.rows() || last.values().length != lists.rows()) {
      throw in.fault(
          "kv_indptr",
          "has %d lists, but qo_indptr %d and %s %d"
              .formatted(lists.rows(), qBounds.length - 1, LAST, last.values().length));
    }
    int[] kBounds = keys(in, lists);
    int pageSize = in.blockSize(Axis.KEYS, in.size("page_size", 0, 1));
    RowsBuilder rows =
        new RowsBuilder(in, 0, lists.rows(), kBounds.length - 1, RowsBuilder.Order.ANY);
    int[] starts = lists.pointers().values();
    lists.walk(
        in,
        0,
        (row, e, page) -> {
          boolean cut = e == starts[row + 1] - 1 && page >= 0 && page < kBounds.length - 1;
          int used = cut ? used(in, last, row, pageSize) : 0;
          rows.add(
              "kv_indices", row, page, false, cut ? bits(qBounds, kBounds, row, page, used) : null);
        });
    return BlockMaps.of(qBounds, kBounds, List.of(rows.build()), 1, 1);
  }

  private static int[] keys(LayoutInput in, Compressed lists) throws IOException {
    OptionalInt size = in.size("page_size", 0, 1);
    if (in.length(Axis.KEYS, OptionalInt.empty()).isPresent()) {
      return in.bounds(Axis.KEYS, size, OptionalInt.empty());
    }
    int pages = 0;
    for (int page : lists.indices().values()) {
      pages = Math.max(pages, page + 1);
    }
    return in.bounds(
        Axis.KEYS, in.size("max_num_pages", 0, 1).orElse(pages), size, OptionalInt.empty());
  }

  private static int used(LayoutInput in, IntTensor last, int row, int pageSize)
      throws FormatException {
    int used = last.get(row);
    if (used < 1 || used > pageSize) {
      throw in.fault(LAST, "is %d for list %d: 1..%d is needed".formatted(used, row, pageSize));
    }
    return used;
  }

  /** The pairs of a page of which only the first keys are used; null if that is all of it. */
  private static @Nullable BitSet bits(int[] qBounds, int[] kBounds, int row, int page, int used) {
    int width = kBounds[page + 1] - kBounds[page];
    if (used >= width) {
      return null;
    }
    BitSet bits = new BitSet();
    for (int i = 0; i < qBounds[row + 1] - qBounds[row]; i++) {
      bits.set(i * width, i * width + used);
    }
    return bits;
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    BlockRows rows = maps.rows(0);
    int pageSize = out.size(Axis.KEYS, maps);
    int[] kBounds = maps.bounds(Axis.KEYS);
    out.bounds("qo_indptr", maps.bounds(Axis.QUERIES));
    Compressed.write(maps, out, "kv_indptr", "kv_indices", 0);
    out.put(
        LAST,
        Shape.of(maps.queryBlocks()),
        row -> {
          int end = rows.rowPtr()[row + 1];
          // An empty list has no last page; FlashInfer itself writes a whole one there.
          int page = end > rows.rowPtr()[row] ? rows.colIdx()[end - 1] : 0;
          return end > rows.rowPtr()[row] ? kBounds[page + 1] - kBounds[page] : pageSize;
        });
    out.sizes("page_size", pageSize);
    out.sizes("max_num_pages", maps.keyBlocks());
    if (maps.tokens(Axis.KEYS) % pageSize != 0) {
      out.note(
          "the last page holds fewer keys: reading it back needs --k " + maps.tokens(Axis.KEYS));
    }
  }
}
