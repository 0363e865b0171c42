package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code 2^x} in fp32: {@code x = n + f} with |f| at most 1/2, {@code 2^f = 1 + f p(f)} by a
 * polynomial, and 2^n put together from bits.
 *
 * <p>For x at most 127 the result lies within 2 ulps; {@code 2^0 = 1} exactly; below -126, and for
 * -inf, it is 0 (there are no subnormal results); NaN gives NaN. Larger x are not meant: no
 * exponent here exceeds the row's maximum by more than rounding and {@link OnlineSoftmax}'s slack.
 */
final class Exp2 {
  /** log2 e, to turn natural exponents into binary ones. */
  static final double LOG2_E = 1.4426950408889634;

  static final double LN_2 = 0.6931471805599453;

  private static final float SMALLEST = -126;

  /**
   * 1.5 * 2^23 + 127: numbers of this size have no fractional bits, so adding it rounds to the
   * nearest integer, which the low bits then hold with the exponent's bias already added.
   */
  private static final float ROUNDER = 0x1.8p23f + 127;

  private static final int EXPONENT_SHIFT = 23;

  // Minimax for the relative error of 1 + f p(f) against 2^f on [-1/2, 1/2] (Remez): 2.6e-9 before
  // the coefficients are rounded, so that only the rounding of the six steps is left.
  private static final float C1 = 0x1.62e432p-1f;
  private static final float C2 = 0x1.ebfbe2p-3f;
  private static final float C3 = 0x1.c6ae72p-5f;
  private static final float C4 = 0x1.3b270ep-7f;
  private static final float C5 = 0x1.5f7276p-10f;
  private static final float C6 = 0x1.470b4ap-13f;

  private Exp2() {}

  static FloatVector of(FloatVector x) {
    FloatVector shifted = x.add(ROUNDER);
    FloatVector f = x.sub(shifted.sub(ROUNDER));
    // By pairs, not one after the other: short chains of dependent steps keep the units busy.
    FloatVector f2 = f.mul(f);
    FloatVector low = f.fma(FloatVector.broadcast(SPECIES, C2), FloatVector.broadcast(SPECIES, C1));
    FloatVector mid = f.fma(FloatVector.broadcast(SPECIES, C4), FloatVector.broadcast(SPECIES, C3));
    FloatVector high =
        f.fma(FloatVector.broadcast(SPECIES, C6), FloatVector.broadcast(SPECIES, C5));
    FloatVector p = high.fma(f2, mid).fma(f2, low).fma(f, FloatVector.broadcast(SPECIES, 1));
    FloatVector power =
        shifted
            .reinterpretAsInts()
            .lanewise(VectorOperators.LSHL, EXPONENT_SHIFT)
            .reinterpretAsFloats();
    // The product, unlike an addition to the exponent's bits, keeps a NaN a NaN.
    return p.mul(power).blend(0, x.compare(VectorOperators.LT, SMALLEST));
  }
}
