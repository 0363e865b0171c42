package dev.assay.layout;

import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The lists that the mechanism {@code block-sparse} reads, and which of their blocks are FULL. */
final class AssayLists implements BlockLayout {
  private static final String FULL = "col_full";

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "assay-lists",
        "Assay's lists of blocks",
        "Assay, the mechanism block-sparse",
        0,
        0,
        Set.of(
            Ability.FULL,
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
                "row_ptr",
                "[NQ + 1], [H, NQ + 1] or [B, H, NQ + 1]",
                DType.I32,
                "start of each query block's list in col_idx"),
            LayoutTensor.of(
                "col_idx",
                "[z], [H, z] or [B, H, z]",
                DType.I32,
                "listed key blocks, ascending in each list; behind the last list -1"),
            LayoutTensor.maybe(
                FULL, "as col_idx", DType.BOOL, "1 where the block is FULL; written if one is"),
            LayoutTensor.maybe(
                "q_bounds", "[NQ + 1]", DType.I32, "first query of each block, and n_q"),
            LayoutTensor.maybe(
                "k_bounds", "[NK + 1]", DType.I32, "first key of each block, and n_k")),
        List.of(
            "Without bounds the sizes come from --block-q, --block-k, --q and --k.",
            "The mechanism does not read col_full: it asks every predicate in every block."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    Compressed lists = Compressed.read(in, "row_ptr", "col_idx", 2);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds =
        in.has("q_bounds")
            ? in.listedBounds(Axis.QUERIES, "q_bounds")
            : in.bounds(Axis.QUERIES, lists.rows(), unknown, unknown);
    int[] kBounds =
        in.has("k_bounds")
            ? in.listedBounds(Axis.KEYS, "k_bounds")
            : in.bounds(Axis.KEYS, unknown, unknown);
    if (qBounds.length - 1 != lists.rows()) {
      throw in.fault(
          "row_ptr",
          "has %d rows of blocks, but q_bounds %d".formatted(lists.rows(), qBounds.length - 1));
    }
    @Nullable IntTensor full = in.has(FULL) ? in.flags(FULL, 1, 3) : null;
    if (full != null && !full.shape().equals(lists.indices().shape())) {
      throw in.fault(
          FULL, "has shape %s, but col_idx %s".formatted(full.shape(), lists.indices().shape()));
    }
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < lists.maps(); map++) {
      RowsBuilder rows =
          new RowsBuilder(in, map, lists.rows(), kBounds.length - 1, RowsBuilder.Order.ASCENDING);
      int first = map * lists.room();
      lists.walk(
          in,
          map,
          (row, e, block) ->
              rows.add("col_idx", row, block, full != null && full.get(first + e) != 0, null));
      maps.add(rows.build());
    }
    return BlockMaps.of(
        qBounds, kBounds, maps, lists.pointers().batch(1), lists.pointers().heads(1));
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    int leading = Tables.leading(maps);
    Compressed.write(maps, out, "row_ptr", "col_idx", leading);
    if (maps.fullBlocks() > 0) {
      int room = Compressed.room(maps);
      int[] full = new int[maps.count() * room];
      for (int map = 0; map < maps.count(); map++) {
        boolean[] kinds = maps.rows(map).full();
        for (int e = 0; e < kinds.length; e++) {
          full[map * room + e] = kinds[e] ? 1 : 0;
        }
      }
      out.put(FULL, Tables.shape(maps, leading, room), full);
    }
    out.bounds("q_bounds", maps.bounds(Axis.QUERIES));
    out.bounds("k_bounds", maps.bounds(Axis.KEYS));
  }
}
