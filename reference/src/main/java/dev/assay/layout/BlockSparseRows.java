package dev.assay.layout;

import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The lists that the kernels of MIT's Block-Sparse-Attention walk, from the last key block on. */
final class BlockSparseRows implements BlockLayout {
  private static final String ROWS = "row_blockmask";

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "block-sparse-attention-rows",
        "falling lists of MIT's Block-Sparse-Attention kernels",
        "mit-han-lab/Block-Sparse-Attention block_sparse_attn/block_sparse_attn_interface.py,"
            + " convert_blockmask_row_reverse",
        BlockSparseAttention.SIZE,
        BlockSparseAttention.SIZE,
        Set.of(
            Ability.HEADS,
            Ability.BATCH,
            Ability.UNEQUAL_COUNTS,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS),
        List.of(
            LayoutTensor.of(
                ROWS,
                "[B, H, NQ, NK]",
                DType.I32,
                "key blocks of each query block, descending; behind them -1")),
        List.of("Blocks have 128 queries and 128 keys, whatever tile the kernel computes with."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    PaddedLists lists = PaddedLists.read(in, ROWS, null, 4, 4);
    OptionalInt size = OptionalInt.of(BlockSparseAttention.SIZE);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds = in.bounds(Axis.QUERIES, lists.rows(), size, unknown);
    int[] kBounds = in.bounds(Axis.KEYS, lists.room(), size, unknown);
    return lists.maps(in, qBounds, kBounds, RowsBuilder.Order.DESCENDING, PaddedLists.FILLER);
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    out.put(
        ROWS,
        Tables.shape(maps, 2, maps.queryBlocks(), maps.keyBlocks()),
        PaddedLists.fill(maps, maps.keyBlocks(), true));
  }
}
