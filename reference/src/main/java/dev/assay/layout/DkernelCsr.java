package dev.assay.layout;

import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The compressed rows per head of dkernel (S2-Attention, Phi-3-small). */
final class DkernelCsr implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "dkernel",
        "compressed rows per head of dkernel",
        "linxihui/dkernel dkernel/utils.py, dense_to_crow_col, and dkernel/interface.py",
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
                "layout_csr_crow", "[H, NQ + 1]", DType.I32, "start of each row in layout_csr_col"),
            LayoutTensor.of(
                "layout_csr_col", "[H, z]", DType.I32, "key blocks, ascending; behind them -1")),
        List.of(
            "A map for all heads has H = 1, or no axis of heads.",
            "Columns with a second axis of values, for blocks that were merged, are refused.",
            "Sizes are not in the tensors: give --block-q, --block-k and --k."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    Compressed lists = Compressed.read(in, "layout_csr_crow", "layout_csr_col", 1);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds = in.bounds(Axis.QUERIES, lists.rows(), unknown, unknown);
    int[] kBounds = in.bounds(Axis.KEYS, unknown, unknown);
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < lists.maps(); map++) {
      RowsBuilder rows =
          new RowsBuilder(in, map, lists.rows(), kBounds.length - 1, RowsBuilder.Order.ASCENDING);
      lists.walk(in, map, (row, _, block) -> rows.add("layout_csr_col", row, block));
      maps.add(rows.build());
    }
    return BlockMaps.of(qBounds, kBounds, maps, 1, lists.pointers().heads(1));
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    Compressed.write(maps, out, "layout_csr_crow", "layout_csr_col", 1);
  }
}
