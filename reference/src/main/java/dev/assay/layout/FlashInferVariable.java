package dev.assay.layout;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** What FlashInfer's VariableBlockSparseAttentionWrapper plans from: blocks of any sizes. */
final class FlashInferVariable implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "flashinfer-variable",
        "table of blocks of any sizes of FlashInfer",
        "flashinfer-ai/flashinfer flashinfer/sparse.py, VariableBlockSparseAttentionWrapper",
        0,
        0,
        Set.of(
            Ability.HEADS,
            Ability.UNEQUAL_COUNTS,
            Ability.UNEQUAL_QUERIES,
            Ability.UNEQUAL_KEYS,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS,
            Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                "block_mask_map", "[H_kv, NQ, NK]", DType.BOOL, "1 where a block is listed"),
            LayoutTensor.of("block_row_sz", "[H_kv, NQ]", DType.I32, "queries in each block"),
            LayoutTensor.of("block_col_sz", "[H_kv, NK]", DType.I32, "keys in each block")),
        List.of(
            "A map is that of a head of keys and values, and of all query heads of its group.",
            "Sizes that differ between heads are refused: Assay's blocks are those of all heads."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor table = in.flags("block_mask_map", 3, 3);
    int[] qBounds = bounds(in, Axis.QUERIES, "block_row_sz", table.extent(0), table.extent(1));
    int[] kBounds = bounds(in, Axis.KEYS, "block_col_sz", table.extent(0), table.extent(2));
    return Tables.read(in, table, qBounds, kBounds);
  }

  private static int[] bounds(LayoutInput in, Axis axis, String name, int heads, int blocks)
      throws IOException {
    IntTensor sizes = in.integers(name, 2, 2);
    if (!sizes.shape().equals(Shape.of(heads, blocks))) {
      throw in.fault(
          name, "has shape %s: [%d, %d] is needed".formatted(sizes.shape(), heads, blocks));
    }
    int[] bounds = new int[blocks + 1];
    for (int p = 0; p < sizes.values().length; p++) {
      int block = p % blocks;
      if (sizes.get(p) < 1) {
        throw in.fault(name, "holds %d: blocks hold at least one token".formatted(sizes.get(p)));
      }
      if (sizes.get(p) != sizes.get(block)) {
        throw in.fault(
            name,
            "block %d has %d %s in head 0, but %d in head %d: equal sizes are needed"
                .formatted(block, sizes.get(block), axis.word(), sizes.get(p), p / blocks));
      }
      if (p < blocks) {
        if ((long) bounds[block] + sizes.get(p) > Integer.MAX_VALUE) {
          throw in.fault(name, "adds up to more than 2^31 - 1 " + axis.word());
        }
        bounds[block + 1] = bounds[block] + sizes.get(p);
      }
    }
    in.length(axis, OptionalInt.of(bounds[blocks]));
    return bounds;
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    Tables.write(maps, out, "block_mask_map", 1);
    sizes(maps, out, Axis.QUERIES, "block_row_sz");
    sizes(maps, out, Axis.KEYS, "block_col_sz");
  }

  private static void sizes(BlockMaps maps, LayoutOutput out, Axis axis, String name) {
    int[] bounds = maps.bounds(axis);
    int[] sizes = new int[bounds.length - 1];
    Arrays.setAll(sizes, block -> bounds[block + 1] - bounds[block]);
    out.put(name, Shape.of(maps.heads(), sizes.length), p -> sizes[p % sizes.length]);
  }
}
