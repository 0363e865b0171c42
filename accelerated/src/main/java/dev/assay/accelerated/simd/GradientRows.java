package dev.assay.accelerated.simd;

/**
 * A tile of dQ that is added to where it lies, or if that cannot be, in a copy that is put back.
 */
final class GradientRows {
  private final Rows rows;
  private final Matrix window = Matrix.window();
  private final Matrix copy;

  GradientRows(Rows rows) {
    this.rows = rows;
    this.copy = Matrix.scratch(rows.width());
  }

  Matrix open(Place place) {
    return rows.read(place.span(), place.head(), place.queryTile(), window, copy);
  }

  /** Puts the sum back, times a factor. */
  void close(Place place, float factor) {
    boolean inPlace = rows.inPlace(place.span(), place.queryTile());
    if (!inPlace || factor != 1) {
      Matrix sum = inPlace ? window : copy;
      rows.store(place.span(), place.head(), place.queryTile(), sum, factor);
    }
  }
}
