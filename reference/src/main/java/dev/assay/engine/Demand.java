package dev.assay.engine;

/** What is wanted of an {@link Engine}. */
public enum Demand {
  /** The output. */
  FORWARD,
  /** The log-sum-exp. */
  LSE,
  /** Gradients, given that of the output. */
  BACKWARD,
  /** Gradients that take in one of the LSE too. */
  D_LSE
}
