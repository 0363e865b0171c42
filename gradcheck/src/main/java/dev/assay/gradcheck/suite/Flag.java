package dev.assay.gradcheck.suite;

import java.util.List;

/**
 * An entry of the flags dictionary: why cases that carry the flag exist.
 *
 * @param name camel case, as in the case files
 * @param description what is special about the case
 * @param bugClass BASIC, EDGE_CASE, MISSING_STEP, KNOWN_BUG or FUNCTIONALITY
 * @param effect what goes wrong in an implementation that fails it
 * @param links reports of real faults, or descriptions
 */
public record Flag(
    String name, String description, String bugClass, String effect, List<String> links) {}
