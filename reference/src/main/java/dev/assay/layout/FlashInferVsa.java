package dev.assay.layout;

import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The lists that FlashInfer's Blackwell kernels run on. */
final class FlashInferVsa implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "flashinfer-vsa",
        "per-head lists of FlashInfer's VSA kernels",
        "flashinfer-ai/flashinfer flashinfer/sparse.py, _block_mask_to_vsa_index",
        0,
        0,
        Set.of(Ability.HEADS, Ability.BATCH, Ability.UNEQUAL_COUNTS, Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                "q2k_index", "[B, H, NQ, longest]", DType.I32, "key blocks; behind them -1"),
            LayoutTensor.of("q2k_num", "[B, H, NQ]", DType.I32, "how many each list holds")),
        List.of(
            "FlashInfer makes B = 1. Blocks are 128 x 128 or 64 x 64, and fill the lengths.",
            "Where query heads share keys, FlashInfer repeats each row once for each of them.",
            "The backend vsa_sm100_blk64 refuses query blocks without key blocks."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    in.integers("q2k_num", 3, 3);
    PaddedLists lists = PaddedLists.read(in, "q2k_index", "q2k_num", 4, 4);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds = in.bounds(Axis.QUERIES, lists.rows(), unknown, unknown);
    int[] kBounds = in.bounds(Axis.KEYS, unknown, unknown);
    return lists.maps(in, qBounds, kBounds, RowsBuilder.Order.ANY, PaddedLists.FILLER);
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    int room = Math.max(1, maps.longestRow());
    out.put(
        "q2k_index",
        Tables.shape(maps, 2, maps.queryBlocks(), room),
        PaddedLists.fill(maps, room, false));
    out.put("q2k_num", Tables.shape(maps, 2, maps.queryBlocks()), PaddedLists.counts(maps));
  }
}
