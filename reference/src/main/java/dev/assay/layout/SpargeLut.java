package dev.assay.layout;

import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** SpargeAttn's look-up table: each list as steps from one key block to the next. */
final class SpargeLut implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "sparge-lut",
        "look-up table of SpargeAttn",
        "thu-ml/SpargeAttn spas_sage_attn/utils.py, block_map_lut_triton",
        0,
        0,
        Set.of(
            Ability.HEADS,
            Ability.BATCH,
            Ability.UNEQUAL_COUNTS,
            Ability.RAGGED_QUERIES,
            Ability.RAGGED_KEYS,
            Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                "lut",
                "[B, H, NQ, NK]",
                DType.I32,
                "the first key block, then the step to each next one; the rest is undefined"),
            LayoutTensor.of(
                "valid_block_num", "[B, H, NQ]", DType.I32, "key blocks of each query block")),
        List.of(
            "Behind the steps the Triton version leaves 0, the one in plain PyTorch large numbers.",
            "Blocks have 128 queries and 64 keys, on Hopper 64 and 128: tell with --block-q, --block-k."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    in.integers("valid_block_num", 3, 3);
    PaddedLists lists = PaddedLists.read(in, "lut", "valid_block_num", 4, 4);
    OptionalInt unknown = OptionalInt.empty();
    int[] qBounds = in.bounds(Axis.QUERIES, lists.rows(), unknown, unknown);
    int[] kBounds = in.bounds(Axis.KEYS, lists.room(), unknown, unknown);
    int[] blocks = new int[lists.blocks().values().length];
    for (int list = 0; list * lists.room() < blocks.length; list++) {
      long block = 0;
      for (int e = 0; e < lists.used(in, list); e++) {
        int step = lists.blocks().get(list * lists.room() + e);
        block += step;
        if (block < 0 || block >= lists.room() || (e > 0 && step <= 0)) {
          throw in.fault(
              "lut",
              "list %d steps by %d to block %d: steps ascend and end in 0..%d"
                  .formatted(list, step, block, lists.room() - 1));
        }
        blocks[list * lists.room() + e] = (int) block;
      }
    }
    IntTensor absolute = new IntTensor("lut", lists.blocks().shape(), blocks);
    return new PaddedLists(absolute, lists.counts())
        .maps(in, qBounds, kBounds, RowsBuilder.Order.ASCENDING, PaddedLists.FILLER);
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    int room = maps.keyBlocks();
    List<Integer> steps = new ArrayList<>();
    for (int map = 0; map < maps.count(); map++) {
      BlockRows rows = maps.rows(map);
      for (int row = 0; row < maps.queryBlocks(); row++) {
        int before = 0;
        int from = rows.rowPtr()[row];
        for (int e = from; e < from + room; e++) {
          boolean used = e < rows.rowPtr()[row + 1];
          steps.add(used ? rows.colIdx()[e] - before : 0);
          before = used ? rows.colIdx()[e] : 0;
        }
      }
    }
    out.put("lut", Tables.shape(maps, 2, maps.queryBlocks(), room), steps::get);
    out.put("valid_block_num", Tables.shape(maps, 2, maps.queryBlocks()), PaddedLists.counts(maps));
  }
}
