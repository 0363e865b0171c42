package dev.assay.bench.report;

/**
 * A point of a plot.
 *
 * @param plot which plot
 * @param series which of its curves
 * @param x across
 * @param y up
 */
public record Point(Plot plot, String series, double x, double y) {
  /** The plots that are drawn. */
  public enum Plot {
    /** Billions of operations a second against operations a byte of inputs and results. */
    ROOFLINE,
    /** Milliseconds against tokens. */
    TIME,
    /** Milliseconds against the share of blocks. */
    DENSITY,
    /** Mebibytes of peak memory against tokens. */
    MEMORY
  }
}
