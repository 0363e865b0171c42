package dev.assay.layout;

import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The table that the mechanism {@code block-sparse} reads. */
final class AssayTable implements BlockLayout {
  private static final String MASK = "block_mask";

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "assay-table",
        "Assay's table of blocks",
        "Assay, the mechanism block-sparse",
        0,
        0,
        Set.of(
            Ability.HEADS,
            Ability.BATCH,
            Ability.UNEQUAL_COUNTS,
            Ability.UNEQUAL_QUERIES,
            Ability.UNEQUAL_KEYS,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS,
            Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                MASK,
                "[NQ, NK], [H, NQ, NK] or [B, H, NQ, NK]",
                DType.BOOL,
                "1 where a block is listed"),
            LayoutTensor.maybe(
                "q_bounds", "[NQ + 1]", DType.I32, "first query of each block, and n_q"),
            LayoutTensor.maybe(
                "k_bounds", "[NK + 1]", DType.I32, "first key of each block, and n_k")),
        List.of("Without bounds the sizes come from --block-q, --block-k, --q and --k."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor table = in.flags(MASK, 2, 4);
    return Tables.read(
        in,
        table,
        bounds(in, Axis.QUERIES, "q_bounds", table.extent(-2)),
        bounds(in, Axis.KEYS, "k_bounds", table.extent(-1)));
  }

  private static int[] bounds(LayoutInput in, Axis axis, String name, int blocks)
      throws IOException {
    return in.has(name)
        ? in.listedBounds(axis, name)
        : in.bounds(axis, blocks, OptionalInt.empty(), OptionalInt.empty());
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    Tables.write(maps, out, MASK, Tables.leading(maps));
    out.bounds("q_bounds", maps.bounds(Axis.QUERIES));
    out.bounds("k_bounds", maps.bounds(Axis.KEYS));
  }
}
