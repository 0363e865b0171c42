package dev.assay.accelerated.simd;

/** {@link PoisonTrials} with channels that are read where they lie. */
class PoisonInPlaceTest extends PoisonTrials {
  PoisonInPlaceTest() {
    super(64, 64);
  }
}
