package dev.assay.gradcheck.gradient;

/** Judges the derivatives of a function in one way. */
interface SubjectCheck {
  /** Which way. */
  Way way();

  /** Compares and counts. */
  Tally run(Subject subject, Directions directions);
}
