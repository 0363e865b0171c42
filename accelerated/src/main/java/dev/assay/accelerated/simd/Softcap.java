package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * The smooth cap {@code c tanh(x / c)} of logits and its slope {@code 1 - tanh^2}.
 *
 * <p>With {@code e = exp(-2 |y|)}: {@code tanh |y| = (1 - e) / (1 + e)} where that does not cancel,
 * an odd polynomial below 0.625 (Moshier, Cephes {@code tanhf}), and {@code 1 - tanh^2 = 4 e / (1 +
 * e)^2}, which is accurate to a few ulps even where the tanh rounds to 1.
 */
final class Softcap {
  private static final float POLYNOMIAL_BELOW = 0.625f;
  private static final float T3 = -0.3333328f;
  private static final float T5 = 0.13331442f;
  private static final float T7 = -0.053739715f;
  private static final float T9 = 0.020639088f;
  private static final float T11 = -0.0057049887f;
  private static final float EXPONENT = (float) (-2 * Exp2.LOG2_E);

  private final float cap;

  /** A cap above 0. */
  Softcap(double cap) {
    this.cap = (float) cap;
  }

  /**
   * Caps the first rows of a tile in place.
   *
   * @param slopes where the slopes go, or null
   */
  void apply(Matrix s, int rows, @Nullable Matrix slopes) {
    if (slopes == null) {
      apply(s.values(), s.offset(), rows * EDGE, null, 0);
    } else {
      apply(s.values(), s.offset(), rows * EDGE, slopes.values(), slopes.offset());
    }
  }

  /**
   * Caps the first numbers of an array in place.
   *
   * @param count how many, a multiple of the lanes
   * @param slopes where the slopes go, or null
   */
  void apply(float[] s, int count, float @Nullable [] slopes) {
    apply(s, 0, count, slopes, 0);
  }

  private void apply(float[] s, int from, int count, float @Nullable [] slopes, int slopesFrom) {
    for (int c = 0; c < count; c += LANES) {
      FloatVector y = FloatVector.fromArray(SPECIES, s, from + c).div(cap);
      FloatVector e = Exp2.of(y.abs().mul(EXPONENT));
      tanh(y, e).mul(cap).intoArray(s, from + c);
      if (slopes != null) {
        FloatVector sum = e.add(1);
        e.mul(4).div(sum.mul(sum)).intoArray(slopes, slopesFrom + c);
      }
    }
  }

  private static FloatVector tanh(FloatVector y, FloatVector e) {
    FloatVector large = e.neg().add(1).div(e.add(1));
    large = large.blend(large.neg(), y.compare(VectorOperators.LT, 0));
    FloatVector z = y.mul(y);
    FloatVector p = z.mul(T11).add(T9);
    p = p.fma(z, FloatVector.broadcast(SPECIES, T7));
    p = p.fma(z, FloatVector.broadcast(SPECIES, T5));
    p = p.fma(z, FloatVector.broadcast(SPECIES, T3));
    FloatVector small = p.mul(z).fma(y, y);
    return large.blend(small, y.abs().compare(VectorOperators.LT, POLYNOMIAL_BELOW));
  }
}
