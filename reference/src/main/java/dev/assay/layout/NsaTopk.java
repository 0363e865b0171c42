package dev.assay.layout;

import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The selection of XunhaoLai's native sparse attention: lists for every head and query block. */
final class NsaTopk implements BlockLayout {
  private static final String BLOCKS = "topk_idx";

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "nsa-topk",
        "selected blocks of XunhaoLai's native sparse attention",
        "XunhaoLai/native-sparse-attention-triton"
            + " native_sparse_attention/ops/torch/topk_sparse_attention.py",
        0,
        0,
        Set.of(
            Ability.HEADS,
            Ability.UNEQUAL_COUNTS,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS,
            Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                BLOCKS, "[H_kv, NQ, longest]", DType.I32, "key blocks, in any order; then -1"),
            LayoutTensor.maybe("block_size_q", "[1]", DType.I64, "queries in a block"),
            LayoutTensor.maybe("block_size_k", "[1]", DType.I64, "keys in a block")),
        List.of(
            "One sequence only: packed ones have lists of their own behind one another.",
            "Its reference in plain PyTorch takes -1 for block 0, which every query selects there;"
                + " here -1 is no block.",
            "Without --k there are as many keys as queries."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    PaddedLists lists = PaddedLists.read(in, BLOCKS, null, 3, 3);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds = in.bounds(Axis.QUERIES, lists.rows(), in.size("block_size_q", 0, 1), unknown);
    boolean told = in.length(Axis.KEYS, unknown).isPresent();
    int[] kBounds =
        in.bounds(
            Axis.KEYS,
            in.size("block_size_k", 0, 1),
            told ? unknown : OptionalInt.of(qBounds[qBounds.length - 1]));
    return lists.maps(in, qBounds, kBounds, RowsBuilder.Order.ANY, PaddedLists.FILLER);
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    int room = Math.max(1, maps.longestRow());
    out.put(
        BLOCKS,
        Tables.shape(maps, 1, maps.queryBlocks(), room),
        PaddedLists.fill(maps, room, false));
    out.sizes("block_size_q", out.size(Axis.QUERIES, maps));
    out.sizes("block_size_k", out.size(Axis.KEYS, maps));
  }
}
