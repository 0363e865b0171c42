package dev.assay.layout;

import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The table that SpargeAttn's block-sparse kernel is called with. */
final class SpargeMap implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "sparge-map",
        "table of blocks of SpargeAttn",
        "thu-ml/SpargeAttn spas_sage_attn/core.py, block_sparse_sage2_attn_cuda",
        0,
        0,
        Set.of(
            Ability.HEADS,
            Ability.BATCH,
            Ability.UNEQUAL_COUNTS,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS,
            Ability.RECTANGLES),
        List.of(
            LayoutTensor.of("mask_id", "[B, H, NQ, NK]", DType.BOOL, "1 where a block is listed")),
        List.of(
            "Blocks have 128 queries and 64 keys, on Hopper 64 and 128: tell with --block-q, --block-k."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor table = in.flags("mask_id", 4, 4);
    return Tables.read(in, table, OptionalInt.empty(), OptionalInt.empty());
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    Tables.write(maps, out, "mask_id", 2);
  }
}
