package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;

import java.util.List;
import jdk.incubator.vector.FloatVector;

/**
 * Tiles of a tensor as factors of products that sum over the rows of a tile. Such products meet
 * every row, kept or not, and 0 times NaN would pass the NaN on: so in a tile with numbers that are
 * not finite these are taken as 0, and {@link Poison} adds what the kept pairs owe.
 */
final class Factor {
  private static final byte FINITE = 1;
  private static final byte POISONED = 2;

  private final Rows rows;
  private final byte[][] known;

  Factor(Rows rows, List<Span> spans) {
    this.rows = rows;
    this.known = new byte[spans.size()][];
    for (Span span : spans) {
      known[span.index()] = new byte[rows.heads() * rows.tiles(span)];
    }
  }

  Rows rows() {
    return rows;
  }

  /** Whether the tile holds numbers that are not finite. Looked up once, by whoever asks first. */
  boolean poisoned(Span span, int head, int tile) {
    byte[] ofSpan = known[span.index()];
    int at = head * rows.tiles(span) + tile;
    if (ofSpan[at] == 0) {
      // Threads that ask at the same time find and write the same.
      ofSpan[at] = finite(span, head, tile) ? FINITE : POISONED;
    }
    return ofSpan[at] == POISONED;
  }

  private boolean finite(Span span, int head, int tile) {
    boolean finite = true;
    for (int r = 0; r < rows.rowsIn(span, tile) && finite; r++) {
      finite = finite(rows.values(), rows.position(span, head, tile, r), rows.width());
    }
    return finite;
  }

  /** Whether so many numbers are finite: zero times a number is 0 unless it is not finite. */
  static boolean finite(float[] values, int from, int count) {
    FloatVector zeros = FloatVector.zero(SPECIES);
    int c = 0;
    for (; c + LANES <= count; c += LANES) {
      zeros =
          FloatVector.fromArray(SPECIES, values, from + c).fma(FloatVector.zero(SPECIES), zeros);
    }
    boolean finite = zeros.eq(0).allTrue();
    for (; c < count; c++) {
      finite &= Float.isFinite(values[from + c]);
    }
    return finite;
  }

  /**
   * The tile as a factor: where it lies if possible, else as a copy.
   *
   * @param scratch room for a copy, its columns beyond the width are 0 and stay so
   */
  Matrix read(Span span, int head, int tile, Matrix window, Matrix scratch) {
    if (!poisoned(span, head, tile)) {
      return rows.read(span, head, tile, window, scratch);
    }
    return load(span, head, tile, scratch, 1);
  }

  /** A copy of the tile, each number times a factor, and 0 for what is not finite. */
  Matrix load(Span span, int head, int tile, Matrix scratch, float factor) {
    rows.load(span, head, tile, scratch, factor);
    if (poisoned(span, head, tile)) {
      for (int r = 0; r < rows.rowsIn(span, tile); r++) {
        int from = rows.position(span, head, tile, r);
        for (int c = 0; c < rows.width(); c++) {
          if (!Float.isFinite(rows.values()[from + c])) {
            scratch.values()[scratch.row(r) + c] = 0;
          }
        }
      }
    }
    return scratch;
  }
}
