package dev.assay.mechanism.fixed;

import dev.assay.pattern.BlockMask;
import dev.assay.pattern.BlockRows;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.BlockPlan;
import dev.assay.plan.GatherPlan;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * The keys that each query meets, listed row by row, and then said as a plan. Mechanisms list them
 * by stepping from key to key; the rule by which their definition asks for single pairs is written
 * apart from that, so that each can judge the other.
 */
final class KeyRows {
  private final AttentionProblem problem;
  private final List<BitSet[]> maps;

  private KeyRows(AttentionProblem problem, List<BitSet[]> maps) {
    this.problem = problem;
    this.maps = maps;
  }

  /** Lists the keys of one query. */
  interface Lister {
    /** Puts the keys of query i into its row. */
    void list(int b, int h, int i, Row row);
  }

  /**
   * The row of a query while it is listed. What does not exist is left out.
   *
   * @param set the keys
   * @param keys n_k
   */
  record Row(BitSet set, int keys) {
    /** Key j. */
    void add(long j) {
      span(j, j + 1);
    }

    /** Keys from to end - 1. */
    void span(long from, long end) {
      steps(from, end, 1);
    }

    /** Keys from, from + step, ... below end. */
    void steps(long from, long end, int step) {
      long first = from < 0 ? from + Math.ceilDiv(-from, step) * step : from;
      for (long j = first; j < Math.min(end, keys); j += step) {
        set.set((int) j);
      }
    }
  }

  /**
   * Lists all rows.
   *
   * @param byBatch whether batch entries differ; then heads may too
   * @param byHead whether heads differ
   */
  static KeyRows of(AttentionProblem problem, boolean byBatch, boolean byHead, Lister lister) {
    List<BitSet[]> maps = new ArrayList<>();
    int batches = byBatch ? problem.batches() : Math.min(1, problem.batches());
    int heads = byBatch || byHead ? problem.heads() : 1;
    for (int b = 0; b < batches; b++) {
      for (int h = 0; h < heads; h++) {
        BitSet[] rows = new BitSet[problem.queries()];
        for (int i = 0; i < rows.length; i++) {
          rows[i] = new BitSet(problem.keys());
          lister.list(b, h, i, new Row(rows[i], problem.keys()));
        }
        maps.add(rows);
      }
    }
    return new KeyRows(problem, maps);
  }

  /** Whether the queries of all batch entries stand at the same positions. */
  static boolean sameOffsets(AttentionProblem problem) {
    return IntStream.range(1, problem.batches())
        .allMatch(b -> problem.offset(b) == problem.offset(0));
  }

  /** As lists of keys: for rows with gaps. */
  GatherPlan gather() {
    return gather((b, h, i, j) -> 1);
  }

  /** How often a listed key counts. */
  interface Count {
    /** At least 1. */
    int of(int b, int h, int i, int j);
  }

  /** As lists of keys with multiplicities. */
  GatherPlan gather(Count count) {
    int queries = problem.queries();
    int[] rowPtr = new int[problem.lseShape().size() + 1];
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      rowPtr[row + 1] = rowPtr[row] + row(row / queries)[row % queries].cardinality();
    }
    int[] keys = new int[rowPtr[rowPtr.length - 1]];
    int[] counts = new int[keys.length];
    for (int row = 0; row + 1 < rowPtr.length; row++) {
      BitSet set = row(row / queries)[row % queries];
      int e = rowPtr[row];
      for (int j = set.nextSetBit(0); j >= 0; j = set.nextSetBit(j + 1)) {
        int heads = problem.heads();
        keys[e] = j;
        counts[e++] = count.of(row / queries / heads, row / queries % heads, row % queries, j);
      }
    }
    return new GatherPlan(rowPtr, keys, counts);
  }

  private BitSet[] row(int batchAndHead) {
    int heads = problem.heads();
    int map = maps.size() == 1 ? 0 : maps.size() == heads ? batchAndHead % heads : batchAndHead;
    return maps.get(map);
  }

  /** As blocks of one size, those that are not full with a bit for each pair. */
  BlockPlan blocks(int size) {
    int[] qBounds = BlockMask.uniformBounds(problem.queries(), size);
    int[] kBounds = BlockMask.uniformBounds(problem.keys(), size);
    List<BlockRows> rows = new ArrayList<>();
    for (BitSet[] map : maps) {
      rows.add(blocks(map, qBounds, kBounds));
    }
    if (rows.isEmpty()) {
      rows.add(BlockRows.of(new boolean[qBounds.length - 1][kBounds.length - 1]));
    }
    return new BlockPlan(new BlockMask(qBounds, kBounds, rows));
  }

  private static BlockRows blocks(BitSet[] map, int[] qBounds, int[] kBounds) {
    int[] rowPtr = new int[qBounds.length];
    List<Integer> columns = new ArrayList<>();
    List<@Nullable BitSet> bits = new ArrayList<>();
    for (int row = 0; row + 1 < qBounds.length; row++) {
      BitSet any = new BitSet();
      for (int i = qBounds[row]; i < qBounds[row + 1]; i++) {
        any.or(map[i]);
      }
      for (int column = 0; column + 1 < kBounds.length; column++) {
        int from = kBounds[column];
        int width = kBounds[column + 1] - from;
        int listed = any.nextSetBit(from);
        if (listed < 0 || listed >= from + width) {
          continue;
        }
        BitSet block = new BitSet();
        for (int i = qBounds[row]; i < qBounds[row + 1]; i++) {
          int at = (i - qBounds[row]) * width;
          map[i].get(from, from + width).stream().forEach(j -> block.set(at + j));
        }
        columns.add(column);
        bits.add(block.cardinality() == (qBounds[row + 1] - qBounds[row]) * width ? null : block);
      }
      rowPtr[row + 1] = columns.size();
    }
    int[] colIdx = columns.stream().mapToInt(Integer::intValue).toArray();
    return new BlockRows(
        rowPtr, colIdx, new boolean[colIdx.length], bits.toArray(new @Nullable BitSet[0]));
  }
}
