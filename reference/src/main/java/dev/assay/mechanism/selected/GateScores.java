package dev.assay.mechanism.selected;

import dev.assay.tensor.Tensor;

/** By which scores blocks are chosen. */
public enum GateScores {
  /** Those of the gate. */
  GATE,
  /** Logarithms of what the gate is taught: the best that it could do. Costs a dense attention. */
  ORACLE;

  /** Logarithms, -inf of 0: their softmax gives shares back, and a share of 0 is never chosen. */
  static Tensor logarithms(Tensor shares) {
    return Tensor.generate(shares.shape(), p -> StrictMath.log(shares.get(p)));
  }
}
