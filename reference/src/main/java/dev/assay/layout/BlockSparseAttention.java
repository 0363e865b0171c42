package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** MIT's Block-Sparse-Attention: dense, streaming and block-sparse heads side by side. */
final class BlockSparseAttention implements BlockLayout {
  private static final String TYPES = "head_mask_type";
  private static final String TABLE = "base_blockmask";
  private static final String STREAMING = "streaming_info";
  static final int SIZE = 128;

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "block-sparse-attention",
        "head types and table of MIT's Block-Sparse-Attention",
        "mit-han-lab/Block-Sparse-Attention block_sparse_attn/block_sparse_attn_interface.py",
        SIZE,
        SIZE,
        Set.of(
            Ability.HEADS,
            Ability.BATCH,
            Ability.UNEQUAL_COUNTS,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS),
        List.of(
            LayoutTensor.of(
                TYPES, "[H]", DType.I32, "0 dense, -1 streaming, 1 block-sparse; written as 1"),
            LayoutTensor.maybe(
                TABLE,
                "[B, heads of type 1, NQ, NK]",
                DType.BOOL,
                "1 where a block is listed; the k-th head of type 1 uses table k"),
            LayoutTensor.maybe(
                STREAMING, "[2 H]", DType.I32, "sink blocks and local blocks of each head"),
            LayoutTensor.maybe(
                "is_causal", "[1]", DType.BOOL, "needed for streaming heads; never written")),
        List.of(
            "Blocks have 128 queries and 128 keys; the last of each may be shorter.",
            "Without a table the lengths come from --q and --k.",
            "exact_streaming counts tokens: it is no block layout, and nothing in the tensors tells"
                + " it from blocks."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor types = in.integers(TYPES, 1, 1);
    @Nullable IntTensor table = in.has(TABLE) ? in.flags(TABLE, 4, 4) : null;
    OptionalInt size = OptionalInt.of(SIZE);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds =
        table == null
            ? in.bounds(Axis.QUERIES, size, unknown)
            : in.bounds(Axis.QUERIES, table.extent(2), size, unknown);
    int[] kBounds =
        table == null
            ? in.bounds(Axis.KEYS, size, unknown)
            : in.bounds(Axis.KEYS, table.extent(3), size, unknown);
    int heads = types.values().length;
    int sparse = checkTypes(in, types, table);
    @Nullable BlockMaps listed =
        table == null || sparse == 0 ? null : Tables.read(in, table, qBounds, kBounds);
    int batch = listed == null ? 1 : listed.batch();
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < batch * heads; map++) {
      int head = map % heads;
      boolean known = types.get(head) == 1 && listed != null;
      int before = (int) Arrays.stream(types.values(), 0, head).filter(t -> t == 1).count();
      maps.add(
          known && listed != null
              ? listed.rows(map / heads * sparse + before)
              : BlockRows.of(
                  types.get(head) == 0
                      ? dense(qBounds.length - 1, kBounds.length - 1)
                      : streaming(in, head, heads, qBounds, kBounds)));
    }
    return new BlockMaps(new BlockMask(qBounds, kBounds, maps), batch, heads);
  }

  private static int checkTypes(LayoutInput in, IntTensor types, @Nullable IntTensor table)
      throws FormatException {
    int sparse = 0;
    for (int type : types.values()) {
      if (type < -1 || type > 1) {
        throw in.fault(TYPES, "holds " + type + ": 0, -1 and 1 are allowed");
      }
      sparse += type == 1 ? 1 : 0;
    }
    int tables = table == null ? 0 : table.extent(1);
    if (types.values().length == 0 || sparse != tables) {
      throw in.fault(
          TYPES,
          "has %d heads of type 1, but %s holds tables for %d".formatted(sparse, TABLE, tables));
    }
    return sparse;
  }

  private static boolean[][] dense(int rows, int columns) {
    boolean[][] all = new boolean[rows][columns];
    for (boolean[] row : all) {
      Arrays.fill(row, true);
    }
    return all;
  }

  /** The sink blocks and the blocks up to the frontier, as the kernel walks them. */
  private static boolean[][] streaming(
      LayoutInput in, int head, int heads, int[] qBounds, int[] kBounds) throws IOException {
    IntTensor info = in.integers(STREAMING, 1, 1);
    if (!info.shape().equals(Shape.of(2 * heads))) {
      throw in.fault(STREAMING, "has shape %s: [%d] is needed".formatted(info.shape(), 2 * heads));
    }
    IntTensor flag = in.flags("is_causal", 0, 1);
    boolean causal = flag.values().length == 1 && flag.get(0) == 1;
    int sink = info.get(2 * head);
    int local = info.get(2 * head + 1);
    if (sink < 0 || local < 0) {
      throw in.fault(
          STREAMING, "has %d sink and %d local blocks for head %d".formatted(sink, local, head));
    }
    int queries = qBounds[qBounds.length - 1];
    int keys = kBounds[kBounds.length - 1];
    int columns = kBounds.length - 1;
    boolean[][] listed = new boolean[qBounds.length - 1][columns];
    int first = causal ? Math.max((queries - keys) / SIZE, 0) : 0;
    for (int row = first; row < listed.length; row++) {
      int frontier =
          causal ? Math.ceilDiv(Math.max(keys - queries, 0), SIZE) + 1 + row - first : columns;
      int end = Math.min(frontier, columns);
      for (int column = 0; column < end; column++) {
        listed[row][column] = column < sink || column >= frontier - local;
      }
    }
    return listed;
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    out.put(TYPES, Shape.of(maps.heads()), _ -> 1);
    Tables.write(maps, out, TABLE, 2);
  }
}
