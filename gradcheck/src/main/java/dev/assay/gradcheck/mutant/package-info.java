/**
 * Wrong kernels, to show that the suite is able to find them: a right plain kernel whose every line
 * can be replaced, a catalogue of faults that each replace one, and the matrix of who kills whom.
 */
@NullMarked
package dev.assay.gradcheck.mutant;

import org.jspecify.annotations.NullMarked;
