package dev.assay.gradcheck.stage;

import org.jspecify.annotations.Nullable;

/** A stage whose fault is solved for, row by row, from the results that were handed in. */
interface Solver {
  /** The stage. */
  Stage stage();

  /** What explains the failing row, or null if nothing of this stage does. */
  @Nullable Finding solve(Row row);

  /**
   * What explains a row.
   *
   * @param what in words that are the same for all rows of one fault
   * @param from first key that it is about; -1 for none
   * @param to last one
   */
  record Finding(String what, int from, int to) {
    static Finding of(String what) {
      return new Finding(what, -1, -1);
    }
  }
}
