package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.DoubleGemm.SPECIES;

import jdk.incubator.vector.DoubleVector;
import jdk.incubator.vector.LongVector;
import jdk.incubator.vector.VectorOperators;

/**
 * {@code e^x} in fp64: {@code x = n ln 2 + r} with |r| at most half of ln 2, e^r by its Taylor
 * series up to r^13 / 13!, and 2^n put together from bits. Within 2 ulps where the result is
 * normal; subnormal results are rounded once more; NaN gives NaN.
 */
final class DoubleExp {
  private static final double LOG2_E = 1.4426950408889634;

  // ln 2 in two parts, so that n times the first is exact.
  private static final double LN_2_HIGH = 0x1.62e42fefa38p-1;
  private static final double LN_2_LOW = 0x1.ef35793c7673p-45;

  /** Adding it rounds to the nearest integer, which the low bits then hold. */
  private static final double ROUNDER = 0x1.8p52;

  private static final double SMALLEST = -745.2;
  private static final double LARGEST = 709.782712893384;
  private static final int BIAS = 1023;
  private static final int EXPONENT_SHIFT = 52;

  private DoubleExp() {}

  static DoubleVector of(DoubleVector x) {
    DoubleVector shifted = x.mul(LOG2_E).add(ROUNDER);
    DoubleVector n = shifted.sub(ROUNDER);
    DoubleVector r = n.mul(-LN_2_HIGH).add(x);
    r = n.fma(DoubleVector.broadcast(SPECIES, -LN_2_LOW), r);
    // 2^n in two factors, so that neither leaves the range where the product does not.
    LongVector whole = shifted.reinterpretAsLongs().sub(Double.doubleToRawLongBits(ROUNDER));
    LongVector half = whole.lanewise(VectorOperators.ASHR, 1);
    return series(r)
        .mul(power(half))
        .mul(power(whole.sub(half)))
        .blend(0, x.compare(VectorOperators.LT, SMALLEST))
        .blend(Double.POSITIVE_INFINITY, x.compare(VectorOperators.GT, LARGEST));
  }

  private static DoubleVector power(LongVector n) {
    return n.add(BIAS).lanewise(VectorOperators.LSHL, EXPONENT_SHIFT).reinterpretAsDoubles();
  }

  /** 1 + r + r^2/2! + ... + r^13/13!, from the last term on. */
  private static DoubleVector series(DoubleVector r) {
    DoubleVector p = r.mul(1.0 / 6227020800.0).add(1.0 / 479001600.0);
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 39916800.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 3628800.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 362880.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 40320.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 5040.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 720.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 120.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 24.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1.0 / 6.0));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 0.5));
    p = p.fma(r, DoubleVector.broadcast(SPECIES, 1));
    return p.fma(r, DoubleVector.broadcast(SPECIES, 1));
  }
}
