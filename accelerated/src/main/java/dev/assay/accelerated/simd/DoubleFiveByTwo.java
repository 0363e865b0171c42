package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.DoubleGemm.LANES;
import static dev.assay.accelerated.simd.DoubleGemm.SPECIES;
import static dev.assay.accelerated.simd.DoubleGemm.start;

import jdk.incubator.vector.DoubleVector;

/**
 * Five rows by two vectors of fp64 in registers, on packed factors. All steps are constants, so the
 * compiler loads ahead; of 16 registers a sixth row would be left without its own, which halves the
 * speed.
 */
final class DoubleFiveByTwo {
  private DoubleFiveByTwo() {}

  /**
   * The product of two packed panels.
   *
   * @param a {@code depth} columns of 5 numbers, from {@code at} on
   * @param b {@code depth} rows of 2 vectors, from {@code bt} on
   * @param c 5 rows that lie {@code stride} apart, from {@code ct} on
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
    DoubleVector c00 = start(c, o0, add);
    DoubleVector c01 = start(c, o0 + LANES, add);
    DoubleVector c10 = start(c, o1, add);
    DoubleVector c11 = start(c, o1 + LANES, add);
    DoubleVector c20 = start(c, o2, add);
    DoubleVector c21 = start(c, o2 + LANES, add);
    DoubleVector c30 = start(c, o3, add);
    DoubleVector c31 = start(c, o3 + LANES, add);
    DoubleVector c40 = start(c, o4, add);
    DoubleVector c41 = start(c, o4 + LANES, add);
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
