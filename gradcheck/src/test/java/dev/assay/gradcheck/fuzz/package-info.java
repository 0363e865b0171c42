/**
 * Bytes that nobody meant, for every reader: what is tried, what each reader promises, and the long
 * run that looks for more.
 */
@NullMarked
package dev.assay.gradcheck.fuzz;

import org.jspecify.annotations.NullMarked;
