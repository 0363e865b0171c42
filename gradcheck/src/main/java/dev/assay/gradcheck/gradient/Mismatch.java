package dev.assay.gradcheck.gradient;

import dev.assay.tensor.Tolerance;

/**
 * A comparison that failed.
 *
 * @param what what was compared
 * @param value what the rule under test gave
 * @param expected what the judge gave
 * @param tolerance how far they may lie apart, and why
 */
public record Mismatch(String what, double value, double expected, Tolerance tolerance) {}
