package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;

/** How well candidates agree with values: failing ones explained, passing ones left alone. */
final class Score {
  private int failing;
  private int explained;
  private int passing;
  private int spoiled;

  /** Takes in an element. */
  void add(Comparison each, int position, double candidate) {
    if (Evidence.failing(each, position)) {
      failing++;
      explained += Evidence.explains(each, position, candidate) ? 1 : 0;
    } else {
      passing++;
      spoiled += Evidence.near(each, position, candidate) ? 0 : 1;
    }
  }

  /** Share of the failing elements that are explained; 0 without any. */
  double share() {
    return failing == 0 ? 0 : (double) explained / failing;
  }

  /** Whether it explains at least that share and contradicts almost nothing that passes. */
  boolean holds(double least) {
    return failing > 0 && share() >= least && spoiled <= 0.02 * passing;
  }

  /** Whether too much is contradicted already to go on. */
  boolean hopeless() {
    return failing + passing >= 64 && (spoiled > 0.2 * passing || 2 * explained < failing);
  }
}
