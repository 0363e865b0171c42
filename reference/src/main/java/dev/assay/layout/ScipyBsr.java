package dev.assay.layout;

import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** SciPy's bsr_array whose values, where they are not 0, are the pairs that exist. */
final class ScipyBsr implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "scipy-bsr",
        "block-sparse rows of SciPy",
        "scipy/scipy scipy/sparse/_bsr.py and _matrix_io.py",
        0,
        0,
        Set.of(Ability.BITS, Ability.RECTANGLES),
        List.of(
            LayoutTensor.of("indptr", "[NQ + 1]", DType.I32, "start of each row in indices"),
            LayoutTensor.of("indices", "[z]", DType.I32, "key blocks, in any order in a row"),
            LayoutTensor.of("data", "[z, R, C]", DType.U8, "not 0 where a pair exists"),
            LayoutTensor.maybe("shape", "[2]", DType.I64, "n_q and n_k")),
        List.of(
            "A stored block of zeros allows no pair and is read as a block that is not listed.",
            "SciPy would add a block that comes twice in a row; here it is refused.",
            "save_npz adds a text, which no tensor holds: use numpy.savez(file, indptr=m.indptr,"
                + " indices=m.indices, data=m.data, shape=m.shape)."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    Compressed lists = Compressed.read(in, "indptr", "indices", 0);
    IntTensor data = in.notZero("data", 3, 3);
    lists.refuseUnused(in);
    if (data.extent(0) != lists.room()) {
      throw in.fault("data", "has shape %s for %d entries".formatted(data.shape(), lists.room()));
    }
    OptionalInt r = OptionalInt.of(data.extent(1));
    OptionalInt c = OptionalInt.of(data.extent(2));
    int[] qBounds = in.bounds(Axis.QUERIES, lists.rows(), r, in.size("shape", 0, 2));
    int[] kBounds = in.bounds(Axis.KEYS, c, in.size("shape", 1, 2));
    BlockRows rows = BlockBits.rows(in, lists, 0, data, kBounds.length - 1, RowsBuilder.Order.ANY);
    return BlockMaps.of(qBounds, kBounds, List.of(rows), 1, 1);
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    BlockRows rows = maps.rows(0);
    int r = out.size(Axis.QUERIES, maps);
    int c = out.size(Axis.KEYS, maps);
    Compressed.write(maps, out, "indptr", "indices", 0);
    out.put("data", Shape.of(rows.entries(), r, c), BlockBits.values(rows, r * c));
    out.sizes("shape", maps.tokens(Axis.QUERIES), maps.tokens(Axis.KEYS));
  }
}
