package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** PyTorch's sparse_bsr_tensor, with batch axes, whose values are the pairs that exist. */
final class TorchBsr implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "torch-bsr",
        "sparse BSR tensor of PyTorch",
        "pytorch/pytorch torch.sparse_bsr_tensor, aten/src/ATen/native/sparse/ValidateCompressedIndicesCommon.h",
        0,
        0,
        Set.of(Ability.BITS, Ability.HEADS, Ability.BATCH, Ability.RECTANGLES),
        List.of(
            LayoutTensor.of(
                "crow_indices", "[.., NQ + 1]", DType.I64, "start of each row in col_indices"),
            LayoutTensor.of("col_indices", "[.., z]", DType.I64, "key blocks, ascending in a row"),
            LayoutTensor.of("values", "[.., z, R, C]", DType.F32, "not 0 where a pair exists"),
            LayoutTensor.maybe("size", "[2] to [4]", DType.I64, "batch axes, n_q and n_k")),
        List.of(
            "Batch axes are none, [H] or [B, H]; all maps have the same number z of blocks.",
            "A stored block of zeros allows no pair and is read as a block that is not listed."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    Compressed lists = Compressed.read(in, "crow_indices", "col_indices", 2);
    IntTensor values = in.notZero("values", 3, 5);
    lists.refuseUnused(in);
    checkValues(in, lists, values);
    int axes = values.rank() - 1;
    OptionalInt r = OptionalInt.of(values.extent(-2));
    OptionalInt c = OptionalInt.of(values.extent(-1));
    int[] qBounds = in.bounds(Axis.QUERIES, lists.rows(), r, in.size("size", axes - 2, axes));
    int[] kBounds = in.bounds(Axis.KEYS, c, in.size("size", axes - 1, axes));
    List<BlockRows> maps = new ArrayList<>();
    for (int map = 0; map < lists.maps(); map++) {
      maps.add(
          BlockBits.rows(in, lists, map, values, kBounds.length - 1, RowsBuilder.Order.ASCENDING));
    }
    IntTensor pointers = lists.pointers();
    return BlockMaps.of(qBounds, kBounds, maps, pointers.batch(1), pointers.heads(1));
  }

  private static void checkValues(LayoutInput in, Compressed lists, IntTensor values)
      throws FormatException {
    int[] entries = lists.indices().shape().toArray();
    if (!Arrays.equals(entries, Arrays.copyOf(values.shape().toArray(), values.rank() - 2))) {
      throw in.fault(
          "values",
          "has shape %s, but col_indices %s".formatted(values.shape(), lists.indices().shape()));
    }
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    int r = out.size(Axis.QUERIES, maps);
    int c = out.size(Axis.KEYS, maps);
    int leading = Tables.leading(maps);
    Compressed.write(maps, out, "crow_indices", "col_indices", leading);
    int entries = maps.rows(0).entries();
    int[][] values = new int[maps.count()][];
    Arrays.setAll(values, map -> BlockBits.values(maps.rows(map), r * c));
    int perMap = entries * r * c;
    out.put(
        "values", Tables.shape(maps, leading, entries, r, c), p -> values[p / perMap][p % perMap]);
    out.sizes(
        "size",
        Tables.shape(maps, leading, maps.tokens(Axis.QUERIES), maps.tokens(Axis.KEYS)).toArray());
  }
}
