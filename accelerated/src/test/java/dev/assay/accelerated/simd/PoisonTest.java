package dev.assay.accelerated.simd;

/** {@link PoisonTrials} with channels that are copied. */
class PoisonTest extends PoisonTrials {
  PoisonTest() {
    super(16, 12);
  }
}
