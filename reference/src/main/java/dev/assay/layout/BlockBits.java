package dev.assay.layout;

import dev.assay.file.FormatException;
import dev.assay.pattern.BlockRows;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/** Values of the blocks of a sparse matrix, [z, R, C], as sets of allowed pairs and back. */
final class BlockBits {
  private BlockBits() {}

  /** The pairs of an entry that are not 0; null if none is 0. */
  static @Nullable BitSet of(IntTensor values, int entry) {
    int size = values.extent(-2) * values.extent(-1);
    BitSet bits = new BitSet();
    for (int p = 0; p < size; p++) {
      bits.set(p, values.get(entry * size + p) != 0);
    }
    return bits.cardinality() == size ? null : bits;
  }

  /** The rows of a map whose values lie in [.., z, R, C]; blocks of zeros are left out. */
  static BlockRows rows(
      LayoutInput in,
      Compressed lists,
      int map,
      IntTensor values,
      int keyBlocks,
      RowsBuilder.Order order)
      throws FormatException {
    RowsBuilder rows = new RowsBuilder(in, map, lists.rows(), keyBlocks, order);
    lists.walk(
        in,
        map,
        (row, e, block) ->
            rows.add(
                lists.indices().name(), row, block, false, of(values, map * lists.room() + e)));
    return rows.withoutEmpty().build();
  }

  /** The values of the entries of a map, one behind the other; 1 where a pair exists. */
  static int[] values(BlockRows rows, int size) {
    int[] values = new int[rows.entries() * size];
    for (int e = 0; e < rows.entries(); e++) {
      BitSet bits = rows.bits() == null ? null : rows.bits()[e];
      for (int p = 0; p < size; p++) {
        values[e * size + p] = bits == null || bits.get(p) ? 1 : 0;
      }
    }
    return values;
  }
}
