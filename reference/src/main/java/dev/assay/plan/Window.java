package dev.assay.plan;

import dev.assay.check.Require;

/**
 * Keys p - left to p + right around the query's position p, both ends included; -1 leaves a side
 * open. A window of w keys that ends with the query itself is {@code new Window(w - 1, 0)}.
 *
 * @param left keys before the query, or -1
 * @param right keys after the query, or -1
 */
public record Window(int left, int right) {
  /** Checks the widths. */
  public Window {
    Require.argument(
        left >= -1 && right >= -1,
        "window (%d, %d): widths are at least 0, or -1 for open",
        left,
        right);
  }
}
