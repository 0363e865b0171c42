package dev.assay.mechanism;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Remembers what was made for the last row: reasons are asked for pair by pair, while the scores
 * behind them belong to whole rows. Not for several threads.
 *
 * @param <T> what is made
 */
public final class LastRow<T> {
  private final Maker<T> maker;
  private int[] place = new int[0];
  private @Nullable T made;

  /**
   * Makes what belongs to a row.
   *
   * @param <T> what is made
   */
  @FunctionalInterface
  public interface Maker<T> {
    /** For row i of head h in batch entry b. */
    T make(int b, int h, int i);
  }

  /** Nothing has been made yet. */
  public LastRow(Maker<T> maker) {
    this.maker = maker;
  }

  /** What belongs to a row, made anew only where the last call asked for another. */
  public T of(int b, int h, int i) {
    int[] asked = {b, h, i};
    T known = made;
    if (known == null || !Arrays.equals(asked, place)) {
      known = maker.make(b, h, i);
      made = known;
      place = asked;
    }
    return known;
  }
}
