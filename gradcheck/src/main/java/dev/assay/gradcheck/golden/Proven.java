package dev.assay.gradcheck.golden;

import dev.assay.gradcheck.certified.Certificate;
import dev.assay.gradcheck.suite.GoldenCase;
import java.util.SequencedMap;

/**
 * A golden case and what is proven of its answers.
 *
 * @param golden the case
 * @param certificates of out, lse and the gradients, by name; empty if it must be refused
 */
record Proven(GoldenCase golden, SequencedMap<String, Certificate> certificates) {}
