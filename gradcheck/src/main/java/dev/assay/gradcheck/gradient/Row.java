package dev.assay.gradcheck.gradient;

/**
 * What one way says about one subject.
 *
 * @param group a mechanism's id, or {@code op}
 * @param name the case, or the op and its sample
 * @param way how it was judged
 * @param tally the counts
 * @param margin distance of the nearest kink or discrete choice; infinite if there is none
 */
public record Row(String group, String name, Way way, Tally tally, double margin) {}
