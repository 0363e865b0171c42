package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Paging;
import jdk.incubator.vector.FloatVector;

/**
 * A tensor seen as rows of channels that belong to a span's queries (q, out, dOut) or to its keys
 * (k, v), wherever they lie: one behind the other or in pages.
 *
 * @param problem says where a row lies
 * @param values the tensor
 * @param width channels of a row
 * @param ofKeys whether rows belong to keys
 */
record Rows(AttentionProblem problem, float[] values, int width, boolean ofKeys) {
  static Rows ofQueries(AttentionProblem problem, float[] values, int width) {
    return new Rows(problem, values, width, false);
  }

  static Rows ofKeys(AttentionProblem problem, float[] values, int width) {
    return new Rows(problem, values, width, true);
  }

  /** Heads of the tensor. */
  int heads() {
    return ofKeys ? problem.kvHeads() : problem.heads();
  }

  /** Tiles of a span. */
  int tiles(Span span) {
    return ofKeys ? span.keyTiles() : span.queryTiles();
  }

  /** Rows in a tile. */
  int rowsIn(Span span, int tile) {
    return ofKeys ? span.keysIn(tile) : span.queriesIn(tile);
  }

  /** Position of the first channel of a row of a tile. */
  int position(Span span, int head, int tile, int row) {
    int at =
        ofKeys
            ? problem.keyRow(span.batch(), head, span.keyAt(tile) + row)
            : problem.queryRow(span.batch(), head, span.queryAt(tile) + row);
    return at * width;
  }

  /**
   * Whether a tile can be read and written where it lies: 64 rows one behind the other, whose
   * channels fill vectors.
   */
  boolean inPlace(Span span, int tile) {
    return width % Matrix.PAIR == 0 && rowsIn(span, tile) == EDGE && oneBehindTheOther();
  }

  private boolean oneBehindTheOther() {
    Paging paging = ofKeys ? problem.paging() : null;
    // Pages are not packed sequences, so tiles begin at multiples of 64.
    return paging == null || paging.pageSize() % EDGE == 0;
  }

  /** Moves a window to a tile that is {@link #inPlace}. */
  Matrix window(Span span, int head, int tile, Matrix window) {
    return window.moveTo(values, position(span, head, tile, 0), width);
  }

  /** A window on the tile where it lies, or if that cannot be, a copy of it. */
  Matrix read(Span span, int head, int tile, Matrix window, Matrix scratch) {
    if (inPlace(span, tile)) {
      return window(span, head, tile, window);
    }
    load(span, head, tile, scratch, 1);
    return scratch;
  }

  /** Copies a tile's rows, each number times a factor. */
  void load(Span span, int head, int tile, Matrix to, float factor) {
    for (int r = 0; r < rowsIn(span, tile); r++) {
      copy(values, position(span, head, tile, r), to.values(), to.row(r), width, factor);
    }
  }

  private static void copy(
      float[] source, int from, float[] target, int to, int count, float factor) {
    int c = 0;
    for (; c + LANES <= count; c += LANES) {
      FloatVector.fromArray(SPECIES, source, from + c).mul(factor).intoArray(target, to + c);
    }
    for (; c < count; c++) {
      target[to + c] = factor * source[from + c];
    }
  }

  /**
   * Copies a tile with rows and columns exchanged, each number times a factor; columns that stand
   * for no row become 0.
   *
   * @param to {@code width x 64}
   */
  void loadAcross(Span span, int head, int tile, Matrix to, float factor) {
    float[] target = to.values();
    int rows = rowsIn(span, tile);
    for (int r = 0; r < rows; r++) {
      int from = position(span, head, tile, r);
      for (int c = 0; c < width; c++) {
        target[to.row(c) + r] = factor * values[from + c];
      }
    }
    for (int r = rows; r < EDGE; r++) {
      for (int c = 0; c < width; c++) {
        target[to.row(c) + r] = 0;
      }
    }
  }

  /** Overwrites a tile's rows with those of a result, each number times a factor. */
  void store(Span span, int head, int tile, Matrix from, float factor) {
    for (int r = 0; r < rowsIn(span, tile); r++) {
      int to = position(span, head, tile, r);
      if (from.columnStride() == 1) {
        copy(from.values(), from.row(r), values, to, width, factor);
      } else {
        gather(from, r, values, to, width, factor);
      }
    }
  }

  /** Copies a row of a matrix of any strides, each number times a factor. */
  static void gather(Matrix from, int r, float[] target, int to, int width, float factor) {
    float[] source = from.values();
    int first = from.row(r);
    int step = from.columnStride();
    for (int c = 0; c < width; c++) {
      target[to + c] = factor * source[first + c * step];
    }
  }
}
