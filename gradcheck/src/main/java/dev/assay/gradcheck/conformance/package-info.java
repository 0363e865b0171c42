/**
 * Holding implementations against the golden suite: engines found here, folders of results, one
 * engine against another.
 */
@NullMarked
package dev.assay.gradcheck.conformance;

import org.jspecify.annotations.NullMarked;
