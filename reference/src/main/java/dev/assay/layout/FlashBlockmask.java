package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** FlashAttention 1's converted blockmask: by key block, with two flags in every entry. */
final class FlashBlockmask implements BlockLayout {
  private static final String MASK = "blockmask_converted";
  private static final int FIRST = 1;
  private static final int LAST = 2;

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "flash-attention-blockmask",
        "converted blockmask of FlashAttention 1",
        "Dao-AILab/flash-attention flash_attn/flash_blocksparse_attn_interface.py,"
            + " convert_blockmask",
        0,
        0,
        Set.of(Ability.RAGGED_QUERIES, Ability.RAGGED_KEYS, Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                MASK,
                "[NK, NQ]",
                DType.I32,
                "for each key block its query blocks, ascending, then -1; an entry is 4 times the"
                    + " query block, plus 1 if this is the first key block of that query block,"
                    + " plus 2 if it is the last")),
        List.of(
            "One map serves all heads and batch entries.",
            "FlashAttention 1 has blocks of 16 queries and 256 keys."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor mask = in.integers(MASK, 2, 2);
    int keyBlocks = mask.extent(0);
    int queryBlocks = mask.extent(1);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds = in.bounds(Axis.QUERIES, queryBlocks, unknown, unknown);
    int[] kBounds = in.bounds(Axis.KEYS, keyBlocks, unknown, unknown);
    RowsBuilder rows = new RowsBuilder(in, 0, queryBlocks, keyBlocks, RowsBuilder.Order.ANY);
    for (int key = 0; key < keyBlocks; key++) {
      int before = -1;
      for (int p = key * queryBlocks; p < (key + 1) * queryBlocks; p++) {
        int query = mask.get(p) >> 2;
        if (mask.get(p) == PaddedLists.FILLER) {
          continue;
        }
        if (query <= before || query >= queryBlocks) {
          throw in.fault(
              MASK,
              "key block %d lists query block %d after %d: they ascend and lie in 0..%d"
                  .formatted(key, query, before, queryBlocks - 1));
        }
        rows.add(MASK, query, key);
        before = query;
      }
    }
    BlockMaps maps = BlockMaps.of(qBounds, kBounds, List.of(rows.build()), 1, 1);
    checkFlags(in, mask, converted(maps));
    return maps;
  }

  private static void checkFlags(LayoutInput in, IntTensor mask, int[] wanted)
      throws FormatException {
    int queryBlocks = mask.extent(1);
    for (int key = 0; key < mask.extent(0); key++) {
      int at = key * queryBlocks;
      for (int p = key * queryBlocks; p < (key + 1) * queryBlocks; p++) {
        if (mask.get(p) == PaddedLists.FILLER) {
          continue;
        }
        int good = wanted[at++];
        if (mask.get(p) != good) {
          throw in.fault(
              MASK,
              "key block %d, query block %d has the flags %d: %d are needed (1 first, 2 last of its"
                      .formatted(key, mask.get(p) >> 2, mask.get(p) & 3, good & 3)
                  + " query block)");
        }
      }
    }
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    out.put(MASK, Shape.of(maps.keyBlocks(), maps.queryBlocks()), converted(maps));
  }

  private static int[] converted(BlockMaps maps) {
    BlockRows rows = maps.rows(0);
    BlockRows columns = maps.columns(0);
    int[] entries = new int[maps.keyBlocks() * maps.queryBlocks()];
    Arrays.fill(entries, PaddedLists.FILLER);
    for (int key = 0; key < maps.keyBlocks(); key++) {
      int at = key * maps.queryBlocks();
      for (int e = columns.rowPtr()[key]; e < columns.rowPtr()[key + 1]; e++) {
        int query = columns.colIdx()[e];
        boolean first = rows.colIdx()[rows.rowPtr()[query]] == key;
        boolean last = rows.colIdx()[rows.rowPtr()[query + 1] - 1] == key;
        entries[at++] = 4 * query + (first ? FIRST : 0) + (last ? LAST : 0);
      }
    }
    return entries;
  }
}
