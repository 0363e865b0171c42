package dev.assay.mechanism.fixed;

import dev.assay.check.Require;
import dev.assay.mechanism.Answer;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.Map;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Random key blocks of each block of queries, drawn or given.
 *
 * @param columns by head (one for all, or one each) and block of queries
 * @param edge blocks of queries at each end that have none; they have no row in {@code idx}
 */
record RandomBlocks(int[][][] columns, int edge) {
  /** Which blocks may be drawn. */
  interface Candidate {
    /** Whether a block of keys may be drawn for a block of queries. */
    boolean of(int row, int column);
  }

  /** No random blocks. */
  static RandomBlocks none(int blocks, int edge) {
    return new RandomBlocks(new int[1][blocks][0], edge);
  }

  /**
   * For each head and row the {@code count} candidates with the smallest word of Philox(seed, head)
   * at (row, column), ascending; fewer if there are not so many.
   */
  static RandomBlocks drawn(
      int heads, int blocks, int edge, int count, int seed, Candidate candidate) {
    int[][][] columns = new int[heads][blocks][0];
    for (int h = 0; h < heads; h++) {
      Philox generator = new Philox(seed, h, 0);
      for (int row = edge; row < blocks - edge; row++) {
        long counter = (long) row << 32;
        int of = row;
        columns[h][row] =
            IntStream.range(0, blocks)
                .filter(column -> candidate.of(of, column))
                .boxed()
                .sorted(
                    Comparator.comparingLong(
                        column -> Integer.toUnsignedLong(generator.words(counter | column)[0])))
                .limit(count)
                .mapToInt(Integer::intValue)
                .sorted()
                .toArray();
      }
    }
    return new RandomBlocks(columns, edge);
  }

  /** As given in {@code idx} [H or 1, blocks - 2 edge, any], padded with -1. */
  static RandomBlocks given(Tensor idx, int heads, int blocks, int edge) {
    Shape shape = idx.shape();
    int rows = Math.max(blocks - 2 * edge, 0);
    Require.argument(
        shape.rank() == 3
            && (shape.extent(0) == heads || shape.extent(0) == 1)
            && shape.extent(1) == rows,
        "idx has shape %s: [%d or 1, %d, any] is needed, a row for each block of queries that has"
            + " random ones",
        shape,
        heads,
        rows);
    int[][][] columns = new int[shape.extent(0)][blocks][0];
    for (int p = 0; p < shape.extent(0) * rows; p++) {
      int h = p / rows;
      int row = p % rows;
      int[] listed = new int[shape.extent(2)];
      for (int e = 0; e < listed.length; e++) {
        double entry = idx.at(h, row, e);
        Require.argument(
            entry == Math.rint(entry) && entry >= -1 && entry < blocks,
            "idx lists %s for block %d: random blocks lie in 0..%d, -1 stands for none",
            entry,
            row + edge,
            blocks - 1);
        listed[e] = (int) entry;
      }
      columns[h][row + edge] = Arrays.stream(listed).filter(column -> column >= 0).toArray();
    }
    return new RandomBlocks(columns, edge);
  }

  /** The random blocks of a block of queries. */
  int[] of(int h, int row) {
    return columns[columns.length == 1 ? 0 : h][row];
  }

  /** How often a block is among them. */
  int count(int h, int row, int column) {
    return (int) Arrays.stream(of(h, row)).filter(block -> block == column).count();
  }

  /**
   * As {@code idx} [heads or 1, blocks - 2 edge, widest], padded with -1; null if there are none.
   */
  @Nullable Tensor idx() {
    int width =
        Arrays.stream(columns)
            .flatMap(Arrays::stream)
            .mapToInt(listed -> listed.length)
            .max()
            .orElse(0);
    if (width == 0) {
      return null;
    }
    Shape shape = Shape.of(columns.length, columns[0].length - 2 * edge, width);
    return Tensor.generate(
        shape,
        p -> {
          int[] x = shape.index(p);
          int[] listed = columns[x[0]][x[1] + edge];
          return x[2] < listed.length ? listed[x[2]] : -1;
        });
  }

  /** The answer of a mechanism with these blocks among its choices. */
  Answer choiceOf(Answer answer) {
    Tensor idx = idx();
    return idx == null
        ? answer
        : new Answer(answer.out(), answer.lse(), Map.of("idx", idx), answer.margin());
  }
}
