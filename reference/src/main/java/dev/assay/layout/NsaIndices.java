package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** The selection of fla-org's native sparse attention: lists for every token and head. */
final class NsaIndices implements BlockLayout {
  private static final String BLOCKS = "block_indices";
  private static final String COUNTS = "block_counts";

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "nsa-indices",
        "selected blocks of fla's native sparse attention",
        "fla-org/native-sparse-attention native_sparse_attention/ops/naive.py",
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
                "[B, n_q, H, longest]",
                DType.I64,
                "key blocks of each token, in any order; -1 and n_q are no blocks"),
            LayoutTensor.maybe(
                COUNTS, "[B, n_q, H]", DType.I64, "entries that count; all if it is absent"),
            LayoutTensor.maybe("block_size", "[1]", DType.I64, "keys in a block")),
        List.of(
            "Every query is a block of its own; head_first=False is the order that is read.",
            "Without --k there are as many keys as queries.",
            "Keys after a query are masked token by token, which the lists do not show."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor blocks = in.integers(BLOCKS, 4, 4);
    int tokens = blocks.extent(1);
    int heads = blocks.extent(2);
    @Nullable IntTensor counts = in.has(COUNTS) ? in.integers(COUNTS, 3, 3) : null;
    if (counts != null && !counts.shape().equals(Shape.of(blocks.extent(0), tokens, heads))) {
      throw in.fault(
          COUNTS, "has shape %s, but %s %s".formatted(counts.shape(), BLOCKS, blocks.shape()));
    }
    boolean told = in.length(Axis.KEYS, OptionalInt.empty()).isPresent();
    int[] qBounds = in.bounds(Axis.QUERIES, tokens, OptionalInt.of(1), OptionalInt.empty());
    int[] kBounds =
        in.bounds(
            Axis.KEYS,
            in.size("block_size", 0, 1),
            told ? OptionalInt.empty() : OptionalInt.of(tokens));
    // The source pads with -1 or with n_q; with more keys than queries n_q may be a block.
    int beyond = tokens >= kBounds.length - 1 ? tokens : PaddedLists.FILLER;
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < blocks.extent(0) * heads; map++) {
      RowsBuilder rows =
          new RowsBuilder(in, map, tokens, kBounds.length - 1, RowsBuilder.Order.ANY);
      for (int token = 0; token < tokens; token++) {
        int list = (map / heads * tokens + token) * heads + map % heads;
        list(rows, in, blocks, counts, list, beyond);
      }
      maps.add(rows.build());
    }
    if (maps.isEmpty()) {
      throw in.fault(BLOCKS, "has shape " + blocks.shape() + ": it holds no map");
    }
    return BlockMaps.of(qBounds, kBounds, maps, blocks.extent(0), heads);
  }

  /** Puts one token's list into its row; what pads does so within the count too, as there. */
  private static void list(
      RowsBuilder rows,
      LayoutInput in,
      IntTensor blocks,
      @Nullable IntTensor counts,
      int list,
      int beyond)
      throws FormatException {
    int room = blocks.extent(3);
    int tokens = blocks.extent(1);
    int used = counts == null ? room : counts.get(list);
    if (used < 0) {
      throw in.fault(COUNTS, "holds " + used + ": a count is not negative");
    }
    for (int e = 0; e < Math.min(used, room); e++) {
      int block = blocks.get(list * room + e);
      if (block != PaddedLists.FILLER && block != beyond) {
        rows.add(BLOCKS, list / blocks.extent(2) % tokens, block);
      }
    }
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    int room = Math.max(1, maps.longestRow());
    int tokens = maps.queryBlocks();
    int heads = maps.heads();
    int[] lists = PaddedLists.fill(maps, room, false);
    int[] counts = PaddedLists.counts(maps);
    Shape shape = Shape.of(maps.batch(), tokens, heads);
    out.put(
        BLOCKS,
        Shape.of(maps.batch(), tokens, heads, room),
        p -> lists[turned(p / room, tokens, heads) * room + p % room]);
    out.put(COUNTS, shape, p -> counts[turned(p, tokens, heads)]);
    out.sizes("block_size", out.size(Axis.KEYS, maps));
  }

  /** The list (b, h, token) that stands at (b, token, h). */
  private static int turned(int list, int tokens, int heads) {
    int token = list / heads % tokens;
    return (list / heads / tokens * heads + list % heads) * tokens + token;
  }
}
