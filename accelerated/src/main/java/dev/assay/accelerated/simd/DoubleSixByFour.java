package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.DoubleGemm.LANES;
import static dev.assay.accelerated.simd.DoubleGemm.SPECIES;

import jdk.incubator.vector.DoubleVector;

/** {@link SixByFour} in fp64, on packed factors. */
final class DoubleSixByFour {
  private DoubleSixByFour() {}

  /**
   * Adds the product of two packed panels.
   *
   * @param a {@code depth} columns of 6 numbers, from {@code at} on
   * @param b {@code depth} rows of 4 vectors, from {@code bt} on
   * @param c 6 rows that lie {@code stride} apart, from {@code ct} on
   */
  static void add(
      double[] a, int at, double[] b, int bt, double[] c, int ct, int stride, int depth) {
    int o0 = ct;
    int o1 = o0 + stride;
    int o2 = o1 + stride;
    int o3 = o2 + stride;
    int o4 = o3 + stride;
    int o5 = o4 + stride;
    DoubleVector c00 = DoubleVector.fromArray(SPECIES, c, o0);
    DoubleVector c01 = DoubleVector.fromArray(SPECIES, c, o0 + LANES);
    DoubleVector c02 = DoubleVector.fromArray(SPECIES, c, o0 + 2 * LANES);
    DoubleVector c03 = DoubleVector.fromArray(SPECIES, c, o0 + 3 * LANES);
    DoubleVector c10 = DoubleVector.fromArray(SPECIES, c, o1);
    DoubleVector c11 = DoubleVector.fromArray(SPECIES, c, o1 + LANES);
    DoubleVector c12 = DoubleVector.fromArray(SPECIES, c, o1 + 2 * LANES);
    DoubleVector c13 = DoubleVector.fromArray(SPECIES, c, o1 + 3 * LANES);
    DoubleVector c20 = DoubleVector.fromArray(SPECIES, c, o2);
    DoubleVector c21 = DoubleVector.fromArray(SPECIES, c, o2 + LANES);
    DoubleVector c22 = DoubleVector.fromArray(SPECIES, c, o2 + 2 * LANES);
    DoubleVector c23 = DoubleVector.fromArray(SPECIES, c, o2 + 3 * LANES);
    DoubleVector c30 = DoubleVector.fromArray(SPECIES, c, o3);
    DoubleVector c31 = DoubleVector.fromArray(SPECIES, c, o3 + LANES);
    DoubleVector c32 = DoubleVector.fromArray(SPECIES, c, o3 + 2 * LANES);
    DoubleVector c33 = DoubleVector.fromArray(SPECIES, c, o3 + 3 * LANES);
    DoubleVector c40 = DoubleVector.fromArray(SPECIES, c, o4);
    DoubleVector c41 = DoubleVector.fromArray(SPECIES, c, o4 + LANES);
    DoubleVector c42 = DoubleVector.fromArray(SPECIES, c, o4 + 2 * LANES);
    DoubleVector c43 = DoubleVector.fromArray(SPECIES, c, o4 + 3 * LANES);
    DoubleVector c50 = DoubleVector.fromArray(SPECIES, c, o5);
    DoubleVector c51 = DoubleVector.fromArray(SPECIES, c, o5 + LANES);
    DoubleVector c52 = DoubleVector.fromArray(SPECIES, c, o5 + 2 * LANES);
    DoubleVector c53 = DoubleVector.fromArray(SPECIES, c, o5 + 3 * LANES);
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
