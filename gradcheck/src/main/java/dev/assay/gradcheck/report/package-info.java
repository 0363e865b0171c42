/** Verdicts as text for people, and in the formats of tools. */
@NullMarked
package dev.assay.gradcheck.report;

import org.jspecify.annotations.NullMarked;
