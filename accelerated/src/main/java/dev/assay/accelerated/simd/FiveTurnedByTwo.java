package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Gemm.start;
import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import jdk.incubator.vector.FloatVector;

/**
 * Five rows by two vectors in registers, of a turned tile times a tile: element (r, k) of the left
 * factor lies at {@code r + k EDGE}, and the rows of the others are {@link Tile#EDGE} apart. All
 * steps are constants; then the compiler loads ahead, and a sixth row would no longer find its
 * registers.
 */
final class FiveTurnedByTwo {
  private FiveTurnedByTwo() {}

  /** Rows {@code row} to {@code row + 4} of the 2 vectors from {@code column} on. */
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
    int o4 = o3 + EDGE;
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
    for (int k = 0; k < depth; k++) {
      int at = a0 + k * EDGE;
      FloatVector v0 = FloatVector.fromArray(SPECIES, b, b0 + k * EDGE);
      FloatVector v1 = FloatVector.fromArray(SPECIES, b, b0 + k * EDGE + LANES);
      FloatVector x = FloatVector.broadcast(SPECIES, a[at]);
      c00 = x.fma(v0, c00);
      c01 = x.fma(v1, c01);
      x = FloatVector.broadcast(SPECIES, a[at + 1]);
      c10 = x.fma(v0, c10);
      c11 = x.fma(v1, c11);
      x = FloatVector.broadcast(SPECIES, a[at + 2]);
      c20 = x.fma(v0, c20);
      c21 = x.fma(v1, c21);
      x = FloatVector.broadcast(SPECIES, a[at + 3]);
      c30 = x.fma(v0, c30);
      c31 = x.fma(v1, c31);
      x = FloatVector.broadcast(SPECIES, a[at + 4]);
      c40 = x.fma(v0, c40);
      c41 = x.fma(v1, c41);
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
