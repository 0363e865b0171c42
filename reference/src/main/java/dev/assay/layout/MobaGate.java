package dev.assay.layout;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** MoBA's gate: which chunks of keys each query of each head has chosen, chunk by chunk. */
final class MobaGate implements BlockLayout {
  private static final String GATE = "gate_mask";
  private static final String CHUNK = "moba_chunk_size";

  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "moba-gate",
        "gate of MoBA",
        "MoonshotAI/MoBA moba/moba_efficient.py",
        1,
        0,
        Set.of(Ability.HEADS, Ability.UNEQUAL_COUNTS, Ability.RAGGED_KEYS, Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(GATE, "[NK, H, n_q]", DType.BOOL, "1 where a query chose a chunk"),
            LayoutTensor.maybe(CHUNK, "[1]", DType.I64, "keys in a chunk")),
        List.of(
            "Every query is a block of its own.",
            "moba_efficient keeps a query's own chunk out of the gate and attends to it apart, and"
                + " leaves out each sequence's last chunk; the file is read as it is.",
            "Without --k there are as many keys as queries if the chunks cover them, else whole"
                + " chunks."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor gate = in.flags(GATE, 3, 3);
    int chunks = gate.extent(0);
    int heads = gate.extent(1);
    int queries = gate.extent(2);
    int[] turned = new int[gate.values().length];
    for (int p = 0; p < turned.length; p++) {
      int query = p % queries;
      int head = p / queries % heads;
      turned[(head * queries + query) * chunks + p / queries / heads] = gate.get(p);
    }
    OptionalInt size = in.size(CHUNK, 0, 1);
    int width = in.blockSize(Axis.KEYS, size);
    boolean told = in.length(Axis.KEYS, OptionalInt.empty()).isPresent();
    OptionalInt keys =
        !told && Math.ceilDiv(queries, width) == chunks
            ? OptionalInt.of(queries)
            : OptionalInt.empty();
    return Tables.read(
        in,
        new IntTensor(GATE, Shape.of(heads, queries, chunks), turned),
        in.bounds(Axis.QUERIES, queries, OptionalInt.of(1), OptionalInt.empty()),
        in.bounds(Axis.KEYS, chunks, size, keys));
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    int[] cells = Tables.cells(maps);
    int heads = maps.heads();
    int queries = maps.queryBlocks();
    int chunks = maps.keyBlocks();
    out.put(
        GATE,
        Shape.of(chunks, heads, queries),
        p -> cells[(p / queries % heads * queries + p % queries) * chunks + p / queries / heads]);
    out.sizes(CHUNK, out.size(Axis.KEYS, maps));
  }
}
