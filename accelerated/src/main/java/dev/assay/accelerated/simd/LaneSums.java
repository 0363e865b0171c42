package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorShuffle;

/**
 * Sums across the lanes of as many vectors as a vector has lanes, as one vector. Two vectors fold
 * into one that holds half of the lanes of each, two of those into one that holds quarters of four,
 * until every lane is the sum of a vector: four instructions a fold, where adding up the lanes of
 * each vector by itself takes as many as it has. The order of the additions is that of the tree, so
 * it depends on the width alone.
 */
final class LaneSums {
  /** Vectors that {@link #fold} takes at once. */
  static final int FOUR = 4;

  private static final VectorMask<Float> HALF = withBit(LANES / 2);
  private static final VectorMask<Float> QUARTER = withBit(LANES / 4);
  private static final VectorMask<Float> EIGHTH = withBit(LANES / 8);
  private static final VectorMask<Float> SIXTEENTH = withBit(LANES / 16);
  private static final VectorShuffle<Float> BY_HALF = across(LANES / 2);
  private static final VectorShuffle<Float> BY_QUARTER = across(LANES / 4);
  private static final VectorShuffle<Float> BY_EIGHTH = across(LANES / 8);
  private static final VectorShuffle<Float> BY_SIXTEENTH = across(LANES / 16);

  /** Folds leave the vectors of a quad a quarter of the lanes apart. */
  private static final VectorShuffle<Float> IN_ORDER =
      VectorShuffle.fromOp(SPECIES, e -> e % FOUR * (LANES / FOUR) + e / FOUR);

  private LaneSums() {}

  private static VectorMask<Float> withBit(int bit) {
    long lanes = 0;
    for (int lane = 0; lane < LANES; lane++) {
      lanes |= (lane & bit) != 0 ? 1L << lane : 0;
    }
    return VectorMask.fromLong(SPECIES, lanes);
  }

  private static VectorShuffle<Float> across(int bit) {
    return VectorShuffle.fromOp(SPECIES, lane -> lane ^ bit);
  }

  /** Four vectors in one: a quarter of the lanes belongs to each. */
  static FloatVector fold(FloatVector a, FloatVector b, FloatVector c, FloatVector d) {
    return fold(fold(a, c, HALF, BY_HALF), fold(b, d, HALF, BY_HALF), QUARTER, BY_QUARTER);
  }

  /**
   * The sums of as many vectors as there are lanes.
   *
   * @param folded what {@link #fold} made of each four of them, one after the other
   */
  static FloatVector of(float[] folded) {
    FloatVector sums = at(folded, 0);
    if (LANES == 8) {
      sums = fold(sums, at(folded, 1), EIGHTH, BY_EIGHTH);
    } else if (LANES == 16) {
      sums =
          fold(
              fold(sums, at(folded, 2), EIGHTH, BY_EIGHTH),
              fold(at(folded, 1), at(folded, 3), EIGHTH, BY_EIGHTH),
              SIXTEENTH,
              BY_SIXTEENTH);
    }
    return sums.rearrange(IN_ORDER);
  }

  private static FloatVector at(float[] folded, int four) {
    return FloatVector.fromArray(SPECIES, folded, four * LANES);
  }

  private static FloatVector fold(
      FloatVector a, FloatVector b, VectorMask<Float> ofB, VectorShuffle<Float> across) {
    return a.blend(b, ofB).add(b.blend(a, ofB).rearrange(across));
  }
}
