package dev.assay.layout;

import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The table that SeerAttention's gate gives for prefill. */
final class SeerAttention implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "seer-attention",
        "table of blocks of SeerAttention (prefill)",
        "microsoft/SeerAttention seer_attn/kernels/block_sparse_attn.py",
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
            LayoutTensor.of(
                "block_mask", "[B, H, NQ, NK]", DType.BOOL, "1 where a block is listed")),
        List.of(
            "Blocks have 64 queries and 64 keys by default; keys after a query are masked by the kernel."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor table = in.flags("block_mask", 4, 4);
    return Tables.read(in, table, OptionalInt.empty(), OptionalInt.empty());
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    Tables.write(maps, out, "block_mask", 2);
  }
}
