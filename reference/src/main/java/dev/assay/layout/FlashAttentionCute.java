package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The lists of FlashAttention 4: FlexAttention's under other names, with room for fewer. */
final class FlashAttentionCute implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "flash-attention-cute",
        "BlockSparseTensors of FlashAttention 4",
        "Dao-AILab/flash-attention flash_attn/cute/block_sparsity.py",
        0,
        0,
        Set.of(
            Ability.FULL,
            Ability.HEADS,
            Ability.BATCH,
            Ability.UNEQUAL_COUNTS,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS,
            Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                "mask_block_cnt", "[B, H, NQ]", DType.I32, "partial blocks of each query block"),
            LayoutTensor.of(
                "mask_block_idx",
                "[B, H, NQ, up to NK]",
                DType.I32,
                "those blocks first; the rest of the row is undefined"),
            LayoutTensor.maybe(
                "full_block_cnt", "[B, H, NQ]", DType.I32, "full blocks; written if one is FULL"),
            LayoutTensor.maybe(
                "full_block_idx", "[B, H, NQ, up to NK]", DType.I32, "those blocks first"),
            LayoutTensor.maybe("block_size", "[2]", DType.I64, "queries and keys in a block")),
        List.of(
            "Lengths are not in the tensors: without --k there are as many key blocks as the lists"
                + " have room for.",
            "The lists of the backward pass, dq_write_order and the ragged form are not read."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    CountedLists partial = CountedLists.read(in, "mask_block_cnt", "mask_block_idx", 2);
    CountedLists full = CountedLists.optional(in, "full_block_cnt", "full_block_idx", 2);
    OptionalInt unknown = OptionalInt.empty();
    OptionalInt blockK = in.size("block_size", 1, 2);
    int[] qBounds =
        in.bounds(Axis.QUERIES, partial.lists().rows(), in.size("block_size", 0, 2), unknown);
    int[] kBounds =
        in.length(Axis.KEYS, unknown).isPresent()
            ? in.bounds(Axis.KEYS, blockK, unknown)
            : in.bounds(Axis.KEYS, partial.lists().room(), blockK, unknown);
    checkRoom(in, partial, kBounds);
    return CountedLists.maps(in, partial, full, qBounds, kBounds);
  }

  private static void checkRoom(LayoutInput in, CountedLists lists, int[] kBounds)
      throws FormatException {
    if (lists.lists().room() > kBounds.length - 1) {
      throw in.fault(
          lists.lists().blocks().name(),
          "has room for %d blocks of keys, but there are only %d"
              .formatted(lists.lists().room(), kBounds.length - 1));
    }
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    CountedLists.write(maps, out, false, "mask_block_cnt", "mask_block_idx");
    if (maps.fullBlocks() > 0) {
      CountedLists.write(maps, out, true, "full_block_cnt", "full_block_idx");
    }
    out.sizes("block_size", out.size(Axis.QUERIES, maps), out.size(Axis.KEYS, maps));
  }
}
