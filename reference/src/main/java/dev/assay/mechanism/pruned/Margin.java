package dev.assay.mechanism.pruned;

/** The distance to the nearest change of a choice, gathered while choices are made. */
final class Margin {
  private double nearest = Double.POSITIVE_INFINITY;

  /** Takes note of a value that was compared with a bar. */
  void between(double value, double bar) {
    // The difference of equal infinities would be NaN.
    nearest = Math.min(nearest, value == bar ? 0 : Math.abs(value - bar));
  }

  /** The smallest distance so far; infinite if nothing was compared. */
  double nearest() {
    return nearest;
  }
}
