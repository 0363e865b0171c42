package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Gemm.start;
import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;

/** {@link SixByTwo} for a left factor of any strides: every index is checked. */
final class SixStridedByTwo {
  private SixStridedByTwo() {}

  /** Rows {@code row} to {@code row + 5} of the 2 vectors from {@code column} on. */
  static void multiply(
      Matrix left, Matrix right, Matrix result, int row, int column, int depth, boolean add) {
    float[] a = left.values();
    float[] b = right.values();
    float[] c = result.values();
    int aStep = left.columnStride();
    int bStep = right.rowStride();
    int at = left.row(row);
    int a1 = left.rowStride();
    int a2 = 2 * left.rowStride();
    int a3 = 3 * left.rowStride();
    int a4 = 4 * left.rowStride();
    int a5 = 5 * left.rowStride();
    int bt = right.offset() + column;
    int o0 = result.row(row) + column;
    int o1 = o0 + result.rowStride();
    int o2 = o1 + result.rowStride();
    int o3 = o2 + result.rowStride();
    int o4 = o3 + result.rowStride();
    int o5 = o4 + result.rowStride();
    FloatVector c00 = start(c, o0, add);
    FloatVector c01 = start(c, o0 + LANES, add);
    FloatVector c10 = start(c, o1, add);
    FloatVector c11 = start(c, o1 + LANES, add);
    FloatVector c20 = start(c, o2, add);
    FloatVector c21 = start(c, o2 + LANES, add);
    FloatVector c30 = start(c, o3, add);
    FloatVector c31 = start(c, o3 + LANES, add);
    FloatVector c40 = start(c, o4, add);
    FloatVector c41 = start(c, o4 + LANES, add);
    FloatVector c50 = start(c, o5, add);
    FloatVector c51 = start(c, o5 + LANES, add);
    for (int k = 0; k < depth; k++) {
      FloatVector v0 = FloatVector.fromArray(SPECIES, b, bt);
      FloatVector v1 = FloatVector.fromArray(SPECIES, b, bt + LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
      c00 = x.fma(v0, c00);
      c01 = x.fma(v1, c01);
      x = FloatVector.broadcast(SPECIES, a[at + a1]);
      c10 = x.fma(v0, c10);
      c11 = x.fma(v1, c11);
      x = FloatVector.broadcast(SPECIES, a[at + a2]);
      c20 = x.fma(v0, c20);
      c21 = x.fma(v1, c21);
      x = FloatVector.broadcast(SPECIES, a[at + a3]);
      c30 = x.fma(v0, c30);
      c31 = x.fma(v1, c31);
      x = FloatVector.broadcast(SPECIES, a[at + a4]);
      c40 = x.fma(v0, c40);
      c41 = x.fma(v1, c41);
      x = FloatVector.broadcast(SPECIES, a[at + a5]);
      c50 = x.fma(v0, c50);
      c51 = x.fma(v1, c51);
      at += aStep;
      bt += bStep;
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
    c50.intoArray(c, o5);
    c51.intoArray(c, o5 + LANES);
  }
}
