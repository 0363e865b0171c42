package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.DoubleGemm.LANES;
import static dev.assay.accelerated.simd.DoubleGemm.SPECIES;

import jdk.incubator.vector.DoubleVector;

/**
 * Five rows by two vectors of fp64 in registers, on packed factors. All steps are constants, so the
 * compiler loads ahead; of 16 registers a sixth row would be left without its own, which halves the
 * speed.
 */
final class DoubleFiveByTwo {
  private DoubleFiveByTwo() {}

  /**
   * Adds the product of two packed panels.
   *
   * @param a {@code depth} columns of 5 numbers, from {@code at} on
   * @param b {@code depth} rows of 2 vectors, from {@code bt} on
   * @param c 5 rows that lie {@code stride} apart, from {@code ct} on
   */
  static void add(
      double[] a, int at, double[] b, int bt, double[] c, int ct, int stride, int depth) {
    int o0 = ct;
    int o1 = o0 + stride;
    int o2 = o1 + stride;
    int o3 = o2 + stride;
    int o4 = o3 + stride;
    DoubleVector c00 = DoubleVector.fromArray(SPECIES, c, o0);
    DoubleVector c01 = DoubleVector.fromArray(SPECIES, c, o0 + LANES);
    DoubleVector c10 = DoubleVector.fromArray(SPECIES, c, o1);
    DoubleVector c11 = DoubleVector.fromArray(SPECIES, c, o1 + LANES);
    DoubleVector c20 = DoubleVector.fromArray(SPECIES, c, o2);
    DoubleVector c21 = DoubleVector.fromArray(SPECIES, c, o2 + LANES);
    DoubleVector c30 = DoubleVector.fromArray(SPECIES, c, o3);
    DoubleVector c31 = DoubleVector.fromArray(SPECIES, c, o3 + LANES);
    DoubleVector c40 = DoubleVector.fromArray(SPECIES, c, o4);
    DoubleVector c41 = DoubleVector.fromArray(SPECIES, c, o4 + LANES);
    int an = at;
    int bn = bt;
    for (int k = 0; k < depth; k++) {
      DoubleVector v0 = DoubleVector.fromArray(SPECIES, b, bn);
      DoubleVector v1 = DoubleVector.fromArray(SPECIES, b, bn + LANES);
      DoubleVector x = DoubleVector.broadcast(SPECIES, a[an]);
      c00 = x.fma(v0, c00);
      c01 = x.fma(v1, c01);
      x = DoubleVector.broadcast(SPECIES, a[an + 1]);
      c10 = x.fma(v0, c10);
      c11 = x.fma(v1, c11);
      x = DoubleVector.broadcast(SPECIES, a[an + 2]);
      c20 = x.fma(v0, c20);
      c21 = x.fma(v1, c21);
      x = DoubleVector.broadcast(SPECIES, a[an + 3]);
      c30 = x.fma(v0, c30);
      c31 = x.fma(v1, c31);
      x = DoubleVector.broadcast(SPECIES, a[an + 4]);
      c40 = x.fma(v0, c40);
      c41 = x.fma(v1, c41);
      an += 5;
      bn += 2 * LANES;
    }
    c00.intoArray(c, o0);
    c01.intoArray(c, o0 + LANES);
    c10.intoArray(c, o1);
    c11.intoArray(c, o1 + LANES);
    c20.intoArray(c, o2);
    c21.intoArray(c, o2 + LANES);
    c30.intoArray(c, o3);
    c31.intoArray(c, o3 + LANES);
    c40.intoArray(c, o4);
    c41.intoArray(c, o4 + LANES);
  }
}
