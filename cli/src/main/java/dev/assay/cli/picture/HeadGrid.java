package dev.assay.cli.picture;

import dev.assay.engine.AttentionRows;
import dev.assay.engine.AttentionRows.Row;
import dev.assay.pattern.PatternText;
import dev.assay.study.Sight;
import java.util.Arrays;

/**
 * The attention of one head, gathered into cells: how many pairs of a cell exist, of which kind the
 * first of them is, and the weight of largest size.
 */
final class HeadGrid {
  private final Bins rows;
  private final Bins columns;
  private final int[] pairs;
  private final int[] kind;
  private final double[] heaviest;

  private HeadGrid(Bins rows, Bins columns) {
    this.rows = rows;
    this.columns = columns;
    this.pairs = new int[rows.cells() * columns.cells()];
    this.kind = new int[pairs.length];
    this.heaviest = new double[pairs.length];
  }

  /** Gathers a head into at most so many cells a side. */
  static HeadGrid of(Sight sight, int b, int h, Kinds kinds, int mostCells) {
    AttentionRows attention = sight.rows();
    int longest = Math.max(1, Math.max(attention.queries(), attention.keys()));
    double scale = Math.min(1, (double) mostCells / longest);
    HeadGrid grid =
        new HeadGrid(
            Bins.of(attention.queries(), cells(attention.queries(), scale)),
            Bins.of(attention.keys(), cells(attention.keys(), scale)));
    for (int i = 0; i < attention.queries(); i++) {
      Row row = attention.row(b, h, i);
      for (int e = 0; e < row.keys().length; e++) {
        int j = row.keys()[e];
        int cell = grid.rows.cell(i) * grid.columns.cells() + grid.columns.cell(j);
        if (grid.pairs[cell]++ == 0) {
          grid.kind[cell] = kinds.of(sight.rules().of(b, h, i, j));
        }
        grid.heaviest[cell] = heavier(grid.heaviest[cell], row.weights()[e]);
      }
    }
    return grid;
  }

  /** The one of larger size; NaN wins, since it must be seen. */
  private static double heavier(double one, double other) {
    return Double.isNaN(one) || Math.abs(one) >= Math.abs(other) ? one : other;
  }

  private static int cells(int tokens, double scale) {
    return Math.max(1, (int) Math.round(tokens * scale));
  }

  int queries() {
    return rows.tokens();
  }

  int keys() {
    return columns.tokens();
  }

  /** How many pairs exist. */
  long count() {
    return Arrays.stream(pairs).asLongStream().sum();
  }

  /** How many pairs there are in cells of each kind. */
  long[] countByKind(int kinds) {
    long[] counts = new long[kinds];
    for (int cell = 0; cell < pairs.length; cell++) {
      if (pairs[cell] > 0) {
        counts[kind[cell]] += pairs[cell];
      }
    }
    return counts;
  }

  /** The largest weights of the cells that have any. */
  double[] weights() {
    double[] found = new double[pairs.length];
    int count = 0;
    for (int cell = 0; cell < pairs.length; cell++) {
      if (pairs[cell] > 0) {
        found[count++] = heaviest[cell];
      }
    }
    return Arrays.copyOf(found, count);
  }

  /** Whether both heads have the same pairs for the same reasons. */
  boolean samePattern(HeadGrid other) {
    return Arrays.equals(pairs, other.pairs) && Arrays.equals(kind, other.kind);
  }

  /** Draws with characters which cells have pairs. */
  String text() {
    return PatternText.halves(
        (row, column) -> pairs[row * columns.cells() + column] > 0, rows.cells(), columns.cells());
  }

  /** Which pairs exist: a colour for each kind, fainter where a cell is partly empty. */
  Pixels pattern(int[] colours) {
    int[] argb = new int[pairs.length];
    for (int cell = 0; cell < pairs.length; cell++) {
      int size = rows.size(cell / columns.cells()) * columns.size(cell % columns.cells());
      if (pairs[cell] > 0) {
        argb[cell] =
            Palette.opaque(colours[kind[cell]], 0.3 + 0.7 * pairs[cell] / Math.max(size, 1));
      }
    }
    return new Pixels(columns.cells(), rows.cells(), argb);
  }

  /** The weights on a scale; pairs that do not exist stay clear. */
  Pixels heat(HeatScale scale) {
    int[] argb = new int[pairs.length];
    for (int cell = 0; cell < pairs.length; cell++) {
      if (pairs[cell] > 0) {
        argb[cell] = Palette.opaque(scale.colour(heaviest[cell]), 1);
      }
    }
    return new Pixels(columns.cells(), rows.cells(), argb);
  }
}
