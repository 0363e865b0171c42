package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.DoubleGemm.LANES;
import static dev.assay.accelerated.simd.DoubleGemm.SPECIES;
import static dev.assay.accelerated.simd.DoubleGemm.start;

import jdk.incubator.vector.DoubleVector;

/** {@link SixByFour} in fp64, on packed factors. */
final class DoubleSixByFour {
  private DoubleSixByFour() {}

  /**
   * The product of two packed panels.
   *
   * @param a {@code depth} columns of 6 numbers, from {@code at} on
   * @param b {@code depth} rows of 4 vectors, from {@code bt} on
   * @param c 6 rows that lie {@code stride} apart, from {@code ct} on
   * @param add whether to what is there, or to 0
   */
  static void multiply(
      double[] a,
      int at,
      double[] b,
      int bt,
      double[] c,
      int ct,
      int stride,
      int depth,
      boolean add) {
    int o0 = ct;
    int o1 = o0 + stride;
    int o2 = o1 + stride;
    int o3 = o2 + stride;
    int o4 = o3 + stride;
    int o5 = o4 + stride;
    DoubleVector c00 = start(c, o0, add);
    DoubleVector c01 = start(c, o0 + LANES, add);
    DoubleVector c02 = start(c, o0 + 2 * LANES, add);
    DoubleVector c03 = start(c, o0 + 3 * LANES, add);
    DoubleVector c10 = start(c, o1, add);
    DoubleVector c11 = start(c, o1 + LANES, add);
    DoubleVector c12 = start(c, o1 + 2 * LANES, add);
    DoubleVector c13 = start(c, o1 + 3 * LANES, add);
    DoubleVector c20 = start(c, o2, add);
    DoubleVector c21 = start(c, o2 + LANES, add);
    DoubleVector c22 = start(c, o2 + 2 * LANES, add);
    DoubleVector c23 = start(c, o2 + 3 * LANES, add);
    DoubleVector c30 = start(c, o3, add);
    DoubleVector c31 = start(c, o3 + LANES, add);
    DoubleVector c32 = start(c, o3 + 2 * LANES, add);
    DoubleVector c33 = start(c, o3 + 3 * LANES, add);
    DoubleVector c40 = start(c, o4, add);
    DoubleVector c41 = start(c, o4 + LANES, add);
    DoubleVector c42 = start(c, o4 + 2 * LANES, add);
    DoubleVector c43 = start(c, o4 + 3 * LANES, add);
    DoubleVector c50 = start(c, o5, add);
    DoubleVector c51 = start(c, o5 + LANES, add);
    DoubleVector c52 = start(c, o5 + 2 * LANES, add);
    DoubleVector c53 = start(c, o5 + 3 * LANES, add);
    int an = at;
    int bn = bt;
    for (int k = 0; k < depth; k++) {
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, bn);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, bn + LANES);
      DoubleVector v2 = DoubleVector.fromArray(SPECIES, b, bn + 2 * LANES);
      DoubleVector v3 = DoubleVector.fromArray(SPECIES, b, bn + 3 * LANES);
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[an]);
      c00 = x.fma(v0, c00);
      c01 = x.fma(v1, c01);
      c02 = x.fma(v2, c02);
      c03 = x.fma(v3, c03);
      x = DoubleVector.broadcast(SPECIES, a[an + 1]);
      c10 = x.fma(v0, c10);
      c11 = x.fma(v1, c11);
      c12 = x.fma(v2, c12);
      c13 = x.fma(v3, c13);
      x = DoubleVector.broadcast(SPECIES, a[an + 2]);
      c20 = x.fma(v0, c20);
      c21 = x.fma(v1, c21);
      c22 = x.fma(v2, c22);
      c23 = x.fma(v3, c23);
      x = DoubleVector.broadcast(SPECIES, a[an + 3]);
      c30 = x.fma(v0, c30);
      c31 = x.fma(v1, c31);
      c32 = x.fma(v2, c32);
      c33 = x.fma(v3, c33);
      x = DoubleVector.broadcast(SPECIES, a[an + 4]);
      c40 = x.fma(v0, c40);
      c41 = x.fma(v1, c41);
      c42 = x.fma(v2, c42);
      c43 = x.fma(v3, c43);
      x = DoubleVector.broadcast(SPECIES, a[an + 5]);
      c50 = x.fma(v0, c50);
      c51 = x.fma(v1, c51);
      c52 = x.fma(v2, c52);
      c53 = x.fma(v3, c53);
      an += 6;
      bn += 4 * LANES;
    }
    c00.intoArray(c, o0);
    c01.intoArray(c, o0 + LANES);
    c02.intoArray(c, o0 + 2 * LANES);
    c03.intoArray(c, o0 + 3 * LANES);
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + LANES);
    c12.intoArray(c, o1 + 2 * LANES);
    c13.intoArray(c, o1 + 3 * LANES);
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + LANES);
    c22.intoArray(c, o2 + 2 * LANES);
    c23.intoArray(c, o2 + 3 * LANES);
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + LANES);
    c32.intoArray(c, o3 + 2 * LANES);
    c33.intoArray(c, o3 + 3 * LANES);
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + LANES);
    c42.intoArray(c, o4 + 2 * LANES);
    c43.intoArray(c, o4 + 3 * LANES);
    c50.intoArray(c, o5);
    c51.intoArray(c, o5 + LANES);
    c52.intoArray(c, o5 + 2 * LANES);
    c53.intoArray(c, o5 + 3 * LANES);
  }
}
