package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** What FlashInfer's BlockSparseAttentionWrapper plans from: one map for all heads, with bits. */
final class FlashInferBsr implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "flashinfer-bsr",
        "block-sparse rows of FlashInfer",
        "flashinfer-ai/flashinfer flashinfer/sparse.py, BlockSparseAttentionWrapper",
        0,
        0,
        Set.of(Ability.BITS, Ability.RAGGED_QUERIES, Ability.RECTANGLES),
        List.of(
            LayoutTensor.of("indptr", "[NQ + 1]", DType.I32, "start of each row in indices"),
            LayoutTensor.of("indices", "[z]", DType.I32, "key blocks, in any order in a row"),
            LayoutTensor.maybe(
                "mask", "[z, R, C]", DType.BOOL, "1 where a pair exists; written if one has bits"),
            LayoutTensor.maybe(
                "packed_mask",
                "[bytes]",
                DType.U8,
                "instead of mask: row by row of queries over all blocks of a row of blocks,"
                    + " least bit first, each row of blocks from a byte of its own"),
            LayoutTensor.maybe("M", "[1]", DType.I64, "n_q"),
            LayoutTensor.maybe("N", "[1]", DType.I64, "n_k, a multiple of C"),
            LayoutTensor.maybe("R", "[1]", DType.I64, "queries in a block"),
            LayoutTensor.maybe("C", "[1]", DType.I64, "keys in a block")),
        List.of(
            "M, N, R and C are arguments of plan; M need not be a multiple of R without a mask.",
            "With a mask FlashInfer ignores causal=True: the bits are all that counts.",
            "packed_mask is read, never written; plan packs mask by itself."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    Compressed lists = Compressed.read(in, "indptr", "indices", 0);
    lists.refuseUnused(in);
    OptionalInt r = in.size("R", 0, 1);
    OptionalInt c = in.size("C", 0, 1);
    int[] qBounds = in.bounds(Axis.QUERIES, lists.rows(), r, in.size("M", 0, 1));
    int[] kBounds = in.bounds(Axis.KEYS, c, in.size("N", 0, 1));
    @Nullable IntTensor mask = null;
    if (in.has("mask")) {
      mask = in.flags("mask", 3, 3);
    } else if (in.has("packed_mask")) {
      mask = PackedMask.read(in, lists, qBounds, kBounds);
    }
    if (mask != null) {
      checkMask(in, mask, lists, qBounds, kBounds);
    }
    IntTensor bits = mask;
    RowsBuilder rows =
        new RowsBuilder(in, 0, lists.rows(), kBounds.length - 1, RowsBuilder.Order.ANY);
    lists.walk(
        in,
        0,
        (row, e, block) ->
            rows.add("indices", row, block, false, bits == null ? null : BlockBits.of(bits, e)));
    return BlockMaps.of(qBounds, kBounds, List.of(rows.withoutEmpty().build()), 1, 1);
  }

  private static void checkMask(
      LayoutInput in, IntTensor mask, Compressed lists, int[] qBounds, int[] kBounds)
      throws FormatException {
    if (lists.room() == 0) {
      return;
    }
    int r = qBounds[1];
    int c = kBounds.length > 1 ? kBounds[1] : mask.extent(2);
    if (!mask.shape().equals(Shape.of(lists.room(), r, c))) {
      throw in.fault(
          mask.name(),
          "has shape %s: [%d, %d, %d] is needed".formatted(mask.shape(), lists.room(), r, c));
    }
    if (qBounds[qBounds.length - 1] % r != 0 || kBounds[kBounds.length - 1] % c != 0) {
      throw in.fault(mask.name(), "needs lengths that are multiples of the blocks");
    }
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    BlockRows rows = maps.rows(0);
    int r = out.size(Axis.QUERIES, maps);
    int c = out.size(Axis.KEYS, maps);
    Compressed.write(maps, out, "indptr", "indices", 0);
    if (maps.blocksWithBits() > 0) {
      if (maps.tokens(Axis.QUERIES) % r != 0) {
        throw new IllegalArgumentException(
            "flashinfer-bsr cannot hold bits where the last block of queries is shorter: %d queries in blocks of %d"
                .formatted(maps.tokens(Axis.QUERIES), r));
      }
      out.put("mask", Shape.of(rows.entries(), r, c), BlockBits.values(rows, r * c));
      out.note("with a mask FlashInfer ignores causal=True: blocks without bits allow all pairs");
    }
    out.sizes("M", maps.tokens(Axis.QUERIES));
    out.sizes("N", maps.tokens(Axis.KEYS));
    out.sizes("R", r);
    out.sizes("C", c);
  }
}
