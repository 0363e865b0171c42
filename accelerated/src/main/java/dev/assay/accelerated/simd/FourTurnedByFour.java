package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Gemm.start;
import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import jdk.incubator.vector.FloatVector;

/**
 * Four rows by four vectors in registers: what is left over by {@link SixTurnedByFour}, and like
 * it.
 */
final class FourTurnedByFour {
  private FourTurnedByFour() {}

  /** Rows {@code row} to {@code row + 3} of the 4 vectors from {@code column} on. */
  static void multiply(
      Matrix left, Matrix right, Matrix result, int row, int column, int depth, boolean add) {
    float[] a = left.values();
    float[] b = right.values();
    float[] c = result.values();
    int a0 = left.row(row);
    int b0 = right.offset() + column;
    int o0 = result.row(row) + column;
    int o1 = o0 + EDGE;
    int o2 = o1 + EDGE;
    int o3 = o2 + EDGE;
    FloatVector c00 = start(c, o0, add);
    FloatVector c01 = start(c, o0 + LANES, add);
    FloatVector c02 = start(c, o0 + 2 * LANES, add);
    FloatVector c03 = start(c, o0 + 3 * LANES, add);
    FloatVector c10 = start(c, o1, add);
    FloatVector c11 = start(c, o1 + LANES, add);
    FloatVector c12 = start(c, o1 + 2 * LANES, add);
    FloatVector c13 = start(c, o1 + 3 * LANES, add);
    FloatVector c20 = start(c, o2, add);
    FloatVector c21 = start(c, o2 + LANES, add);
    FloatVector c22 = start(c, o2 + 2 * LANES, add);
    FloatVector c23 = start(c, o2 + 3 * LANES, add);
    FloatVector c30 = start(c, o3, add);
    FloatVector c31 = start(c, o3 + LANES, add);
    FloatVector c32 = start(c, o3 + 2 * LANES, add);
    FloatVector c33 = start(c, o3 + 3 * LANES, add);
    for (int k = 0; k < depth; k++) {
      int at = a0 + k * EDGE;
      FloatVector v0 = FloatVector.fromArray(SPECIES, b, b0 + k * EDGE);
      FloatVector v1 = FloatVector.fromArray(SPECIES, b, b0 + k * EDGE + LANES);
      FloatVector v2 = FloatVector.fromArray(SPECIES, b, b0 + k * EDGE + 2 * LANES);
      FloatVector v3 = FloatVector.fromArray(SPECIES, b, b0 + k * EDGE + 3 * LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
      c00 = x.fma(v0, c00);
      c01 = x.fma(v1, c01);
      c02 = x.fma(v2, c02);
      c03 = x.fma(v3, c03);
      x = FloatVector.broadcast(SPECIES, a[at + 1]);
      c10 = x.fma(v0, c10);
      c11 = x.fma(v1, c11);
      c12 = x.fma(v2, c12);
      c13 = x.fma(v3, c13);
      x = FloatVector.broadcast(SPECIES, a[at + 2]);
      c20 = x.fma(v0, c20);
      c21 = x.fma(v1, c21);
      c22 = x.fma(v2, c22);
      c23 = x.fma(v3, c23);
      x = FloatVector.broadcast(SPECIES, a[at + 3]);
      c30 = x.fma(v0, c30);
      c31 = x.fma(v1, c31);
      c32 = x.fma(v2, c32);
      c33 = x.fma(v3, c33);
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
  }
}
