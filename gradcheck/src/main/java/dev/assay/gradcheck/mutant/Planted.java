package dev.assay.gradcheck.mutant;

/**
 * A fault of the catalogue, planted in the sources of the fast kernels: one line, or a part of one,
 * is replaced.
 *
 * @param id of the mutant of the same fault
 * @param file class that is changed, from {@code dev/assay/accelerated} on
 * @param old the right text, which occurs once
 * @param wrong what takes its place
 */
record Planted(String id, String file, String old, String wrong) {}
