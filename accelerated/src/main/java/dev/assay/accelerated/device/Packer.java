package dev.assay.accelerated.device;

import dev.assay.accelerated.device.Packed.Piece;
import dev.assay.accelerated.device.TileRows.Entries;
import dev.assay.check.Require;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Paging;
import dev.assay.plan.Plan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Packs a problem, piece by piece, and writes down in the header where each piece lies. */
final class Packer {
  private final AttentionProblem problem;
  private final TileLists tiles;
  private final int[] header = new int[Header.LENGTH];
  private final IntList ints = new IntList();
  private final List<Piece> pieces = new ArrayList<>();
  private final Regions regions = new Regions();
  private int floats;

  Packer(AttentionProblem problem, Plan plan) {
    this.problem = problem;
    KeyRanges ranges = KeyRanges.of(problem);
    this.tiles = TileLists.of(problem, plan, ranges);
    sizes();
    ints.addAll(header);
    header[Header.FROM_AT] = append(ranges.from());
    header[Header.TO_AT] = append(ranges.to());
    pages();
    int bitsAt = append(tiles.bits());
    header[Header.ROW_POINTERS_AT] = append(tiles.byQueries().pointers());
    header[Header.COLUMNS_AT] = append(tiles.byQueries().tiles());
    header[Header.ROW_BITS_AT] = append(moved(tiles.byQueries(), bitsAt));
    header[Header.COLUMN_POINTERS_AT] = append(tiles.byKeys().pointers());
    header[Header.QUERY_TILES_AT] = append(tiles.byKeys().tiles());
    header[Header.COLUMN_BITS_AT] = append(moved(tiles.byKeys(), bitsAt));
    numbers();
    tensor(Header.Q_AT, problem.q());
    tensor(Header.K_AT, problem.k());
    tensor(Header.V_AT, problem.v());
    pairs(Header.BIAS, problem.bias());
    header[Header.BIAS_BATCHES] = header[Header.BIAS + 1] == 0 ? 1 : problem.batches();
    header[Header.BIAS_HEADS] = header[Header.BIAS + 2] == 0 ? 1 : problem.heads();
    pairs(Header.MASK, problem.mask());
    pairs(Header.KEEP, problem.dropoutKeep());
  }

  private void sizes() {
    header[Header.BATCHES] = problem.batches();
    header[Header.HEADS] = problem.heads();
    header[Header.KV_HEADS] = problem.kvHeads();
    header[Header.QUERIES] = problem.queries();
    header[Header.KEYS] = problem.keys();
    header[Header.DEPTH] = problem.depth();
    header[Header.VALUE_DEPTH] = problem.valueDepth();
    header[Header.QUERY_ROWS] = problem.lseShape().size();
    header[Header.OWN] = Tiles.OWN;
    header[Header.EDGE] = Tiles.EDGE;
    header[Header.CHUNK] = Tiles.CHUNK;
    header[Header.SLAB] = Tiles.SLAB;
    header[Header.LISTS] = tiles.lists();
    header[Header.QUERY_TILES] = Tiles.count(problem.queries());
    header[Header.KEY_TILES] = Tiles.count(problem.keys());
  }

  /** The page table; without one a page for each batch entry, as large as its keys. */
  private void pages() {
    Paging paging = problem.paging();
    int batches = problem.batches();
    int keys = Math.max(1, problem.keys());
    int size = paging == null ? keys : paging.pageSize();
    int perRow = paging == null ? 1 : Math.ceilDiv(keys, size);
    int[] table = new int[batches * perRow];
    for (int b = 0; b < batches; b++) {
      for (int p = 0; p < perRow; p++) {
        // Behind the last page a row may hold anything: kernels load whole tiles, so it becomes 0.
        boolean used = paging != null && p * size < problem.keyLength(b);
        table[b * perRow + p] = paging == null ? b : used ? paging.page(b, p * size) : 0;
      }
    }
    header[Header.PAGED] = paging == null ? 0 : 1;
    header[Header.PAGE_SIZE] = size;
    header[Header.PAGES] = perRow;
    header[Header.TABLE_AT] = append(table);
  }

  private void numbers() {
    float[] numbers = {
      (float) problem.scale(), (float) problem.softcap(), (float) problem.dropoutFactor()
    };
    header[Header.SCALE_AT] = piece(numbers);
    header[Header.CAP_AT] = header[Header.SCALE_AT] + 1;
    header[Header.KEPT_FACTOR_AT] = header[Header.SCALE_AT] + 2;
  }

  private static int[] moved(Entries entries, int by) {
    int[] bitsAt = entries.bitsAt().clone();
    for (int e = 0; e < bitsAt.length; e++) {
      bitsAt[e] += bitsAt[e] < 0 ? 0 : by;
    }
    return bitsAt;
  }

  private int append(int[] values) {
    int at = ints.size();
    ints.addAll(values);
    return at;
  }

  private int piece(float[] values) {
    int at = floats;
    long end = (long) at + values.length;
    Require.argument(
        end < Integer.MAX_VALUE - 8,
        "the inputs take %d floats: a device is given at most 2^31 - 1",
        end);
    pieces.add(new Piece(at, values));
    floats = (int) end;
    return at;
  }

  /** A tensor that goes in; null becomes -1. */
  void tensor(int header, @Nullable Tensor tensor) {
    if (tensor == null) {
      this.header[header] = -1;
      return;
    }
    floats = Lines.from(floats, Float.BYTES);
    this.header[header] = piece(tensor.to(Storage.F32).floats());
  }

  /** A tensor with a number for each pair, extents of 1 having stride 0. */
  private void pairs(int at, @Nullable Tensor tensor) {
    tensor(at, tensor);
    if (tensor != null) {
      Shape shape = tensor.shape();
      for (int axis = 0; axis < 4; axis++) {
        header[at + 1 + axis] = shape.extent(axis) == 1 ? 0 : shape.strides()[axis];
      }
    }
  }

  /** Shares of the lists by queries, and by keys. */
  Parts parts(boolean byKeys) {
    Parts parts = byKeys ? tiles.keyParts(problem) : tiles.queryParts(problem);
    header[byKeys ? Header.KEY_PARTS_AT : Header.QUERY_PARTS_AT] = append(parts.ints());
    header[byKeys ? Header.KEY_PARTS : Header.QUERY_PARTS] = parts.count();
    return parts;
  }

  /** A region for results. */
  void result(String name, int at, long size) {
    header[at] = regions.add(name, size);
  }

  Packed packed(Parts queryParts, Parts keyParts) {
    int[] all = ints.toArray();
    System.arraycopy(header, 0, all, 0, header.length);
    return new Packed(
        problem, tiles, all, List.copyOf(pieces), floats, regions, queryParts, keyParts);
  }
}
