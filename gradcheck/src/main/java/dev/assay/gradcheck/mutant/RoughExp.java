package dev.assay.gradcheck.mutant;

/**
 * The lines of a right kernel whose exponential errs by all that a class allows: by nearly one unit
 * roundoff up or down, and then by the rounding to fp32. Which way depends on the argument's last
 * bits alone, as it does for an approximation by a table.
 */
final class RoughExp {
  static final Lines LINES =
      new Lines(
          Lines.RIGHT.index(),
          Lines.RIGHT.mask(),
          Lines.RIGHT.score(),
          new SoftmaxLines() {
            @Override
            float exp(float x) {
              return rough(x);
            }
          },
          Lines.RIGHT.join(),
          new BackwardLines() {
            @Override
            float again(float s, float lse) {
              return rough(s - lse);
            }
          },
          Lines.RIGHT.choice());

  private RoughExp() {}

  private static float rough(float x) {
    boolean up = (Float.floatToRawIntBits(x) * 0x9E3779B9) < 0;
    return x == 0 ? 1 : (float) (StrictMath.exp(x) * (1 + (up ? 0x1.fp-25 : -0x1.fp-25)));
  }
}
