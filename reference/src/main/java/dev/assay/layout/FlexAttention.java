package dev.assay.layout;

import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.Set;

/** PyTorch's BlockMask: lists of partial and of full blocks, and their transposes. */
final class FlexAttention implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "flex-attention",
        "BlockMask of FlexAttention",
        "pytorch/pytorch torch/nn/attention/flex_attention.py",
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
                "kv_num_blocks", "[B, H, NQ]", DType.I32, "partial blocks of each query block"),
            LayoutTensor.of(
                "kv_indices",
                "[B, H, NQ, NK]",
                DType.I32,
                "those blocks first, in any order; the rest of the row is undefined"),
            full("full_kv_num_blocks", "[B, H, NQ]", "full blocks of each query block"),
            full("full_kv_indices", "[B, H, NQ, NK]", "those blocks first; disjoint from partial"),
            turned("q_num_blocks", "[B, H, NK]"),
            turned("q_indices", "[B, H, NK, NQ]"),
            turned("full_q_num_blocks", "[B, H, NK]"),
            turned("full_q_indices", "[B, H, NK, NQ]"),
            LayoutTensor.maybe("BLOCK_SIZE", "[2]", DType.I64, "queries and keys in a block"),
            LayoutTensor.maybe("seq_lengths", "[2]", DType.I64, "n_q and n_k")),
        List.of(
            "B and H are 1 where all share a map; a mask that was indexed has fewer axes.",
            "BLOCK_SIZE is an attribute in PyTorch, 128 by default; here it is never guessed.",
            "mask_mod is no tensor: what it forbids within partial blocks is not in the file.",
            "Transposes that are not those of the lists are refused: they give wrong gradients.",
            "create_block_mask never calls a block full that sticks out over the length."));
  }

  private static LayoutTensor full(String name, String shape, String meaning) {
    return LayoutTensor.maybe(name, shape, DType.I32, meaning + "; written if one is FULL");
  }

  private static LayoutTensor turned(String name, String shape) {
    return LayoutTensor.maybe(name, shape, DType.I32, "the same by key block, for the backward");
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    CountedLists partial = CountedLists.read(in, "kv_num_blocks", "kv_indices", 2);
    CountedLists full = CountedLists.optional(in, "full_kv_num_blocks", "full_kv_indices", 2);
    int[] qBounds =
        in.bounds(
            Axis.QUERIES,
            partial.lists().rows(),
            in.size("BLOCK_SIZE", 0, 2),
            in.size("seq_lengths", 0, 2));
    int[] kBounds =
        in.bounds(
            Axis.KEYS,
            partial.lists().room(),
            in.size("BLOCK_SIZE", 1, 2),
            in.size("seq_lengths", 1, 2));
    BlockMaps maps = CountedLists.maps(in, partial, full, qBounds, kBounds);
    Transposes.check(in, maps, false, "q_num_blocks", "q_indices");
    Transposes.check(in, maps, true, "full_q_num_blocks", "full_q_indices");
    return maps;
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    boolean full = maps.fullBlocks() > 0;
    CountedLists.write(maps, out, false, "kv_num_blocks", "kv_indices");
    if (full) {
      CountedLists.write(maps, out, true, "full_kv_num_blocks", "full_kv_indices");
    }
    Transposes.write(maps, out, false, "q_num_blocks", "q_indices");
    if (full) {
      Transposes.write(maps, out, true, "full_q_num_blocks", "full_q_indices");
    }
    out.sizes("BLOCK_SIZE", out.size(Axis.QUERIES, maps), out.size(Axis.KEYS, maps));
    out.sizes("seq_lengths", maps.tokens(Axis.QUERIES), maps.tokens(Axis.KEYS));
    int partial = 0;
    for (int map = 0; map < maps.count(); map++) {
      BlockRows rows = maps.rows(map);
      for (boolean one : rows.full()) {
        partial += one ? 0 : 1;
      }
    }
    if (partial > 0) {
      out.note(partial + " partial blocks obey the mask_mod that you give; it is not in the file");
    }
  }
}
