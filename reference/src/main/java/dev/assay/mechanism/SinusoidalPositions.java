package dev.assay.mechanism;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Tables of sinusoidal positions: Vaswani et al., "Attention is all you need" (2017). Three layouts
 * are in use; weights that were trained with one do not fit another.
 */
public final class SinusoidalPositions {
  private static final double BASE = 10000;

  /** Which channel holds what, for a position p and d channels. */
  public enum Layout {
    /** The paper: sin(p / 10000^(2t/d)) in channel 2t, the cosine in channel 2t + 1. */
    INTERLEAVED,
    /** Transformer-XL: the sines in channels 0 to d/2 - 1, the cosines behind them. */
    HALVES,
    /** As HALVES, but the exponent is t / (d/2 - 1): the last frequency is 1/10000 itself. */
    TENSOR2TENSOR
  }

  private SinusoidalPositions() {}

  /** Rows for the positions 0 to n - 1; [n, channels]. */
  public static Tensor table(Layout layout, int n, int channels) {
    Require.notNegative(n, "positions");
    int[] positions = new int[n];
    for (int p = 0; p < n; p++) {
      positions[p] = p;
    }
    return rows(layout, positions, channels);
  }

  /**
   * A row for each of these positions, which may be negative or repeat; [positions, channels].
   *
   * @throws IllegalArgumentException if the channels are not even
   */
  public static Tensor rows(Layout layout, int[] positions, int channels) {
    Require.argument(
        channels > 0 && channels % 2 == 0,
        "%d channels cannot hold sines and cosines: an even number is needed",
        channels);
    int half = channels / 2;
    Shape shape = Shape.of(positions.length, channels);
    return Tensor.generate(
        shape,
        p -> {
          int c = p % channels;
          boolean paired = layout == Layout.INTERLEAVED;
          int t = paired ? c / 2 : c % half;
          boolean sine = paired ? c % 2 == 0 : c < half;
          double angle = positions[p / channels] * frequency(layout, t, half);
          return sine ? StrictMath.sin(angle) : StrictMath.cos(angle);
        });
  }

  private static double frequency(Layout layout, int t, int half) {
    // With two channels there is one frequency, which is 1 in every layout.
    int steps = layout == Layout.TENSOR2TENSOR ? Math.max(half - 1, 1) : half;
    return StrictMath.pow(BASE, -(double) t / steps);
  }
}
