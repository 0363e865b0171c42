package dev.assay.layout;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** SeerAttention-R's selection for one decoding step. */
final class SeerDecode implements BlockLayout {
  private static final String BLOCKS = "block_indices";

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "seer-decode",
        "selected blocks of SeerAttention-R (decode)",
        "microsoft/SeerAttention seer_attn/kernels/varlen/block_sparse_flash_decode_varlen_indice.py",
        1,
        0,
        Set.of(
            Ability.HEADS,
            Ability.BATCH,
            Ability.UNEQUAL_COUNTS,
            Ability.RAGGED_KEYS,
            Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                BLOCKS,
                "[B, H_kv, longest]",
                DType.I32,
                "key blocks of the one query, in any order; the others are -1")),
        List.of(
            "One query is decoded at a time: masks of several queries are refused.",
            "A map is that of a head of keys and values, and of all query heads of its group."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor read = in.integers(BLOCKS, 3, 3);
    Shape rows = Shape.of(read.extent(0), read.extent(1), 1, read.extent(2));
    PaddedLists lists = new PaddedLists(new IntTensor(BLOCKS, rows, read.values()), null);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds = in.bounds(Axis.QUERIES, 1, OptionalInt.of(1), unknown);
    int[] kBounds = in.bounds(Axis.KEYS, unknown, unknown);
    return lists.maps(in, qBounds, kBounds, RowsBuilder.Order.ANY, PaddedLists.FILLER);
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    if (maps.tokens(Axis.QUERIES) != 1) {
      throw new IllegalArgumentException(
          "seer-decode cannot hold more than one query: this mask has "
              + maps.tokens(Axis.QUERIES));
    }
    int room = Math.max(1, maps.longestRow());
    // The source sorts its selection from the last block down, which puts the -1 behind.
    out.put(BLOCKS, Tables.shape(maps, 2, room), PaddedLists.fill(maps, room, true));
  }
}
