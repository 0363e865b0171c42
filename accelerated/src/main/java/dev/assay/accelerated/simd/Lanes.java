package dev.assay.accelerated.simd;

import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorShape;
import jdk.incubator.vector.VectorSpecies;

/**
 * The one vector width of this JVM. It is a static constant because the compiler turns vector code
 * into instructions only where it can see the species as a constant.
 */
final class Lanes {
  /** The species of every float vector here. */
  static final VectorSpecies<Float> SPECIES = species();

  /** Floats in a vector. */
  static final int LANES = SPECIES.length();

  private Lanes() {}

  private static VectorSpecies<Float> species() {
    int bits = Configuration.vectorBits();
    return bits == 0
        ? FloatVector.SPECIES_PREFERRED
        : VectorSpecies.of(float.class, VectorShape.forBitSize(bits));
  }

  /** For instance "256-bit vectors (8 floats)". */
  static String description() {
    return SPECIES.vectorBitSize() + "-bit vectors (" + LANES + " floats)";
  }
}
