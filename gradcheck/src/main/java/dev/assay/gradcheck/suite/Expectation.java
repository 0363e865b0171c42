package dev.assay.gradcheck.suite;

/** What a conforming implementation does with a case. */
public enum Expectation {
  /** Gives the expected tensors, within the bounds of its class. */
  VALID,
  /** Gives the expected tensors or another outcome that the case's flags describe. */
  ACCEPTABLE,
  /** Refuses the inputs; the case has no expected tensors. */
  REFUSE
}
