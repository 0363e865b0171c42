package dev.assay.accelerated.simd;

/** {@link PoisonTrials} with values that are copied in two panels. */
class PoisonPanelsTest extends PoisonTrials {
  PoisonPanelsTest() {
    super(64, 128);
  }
}
