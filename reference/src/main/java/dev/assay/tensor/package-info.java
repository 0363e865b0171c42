/**
 * Arrays of real numbers, their shapes, how far they may differ, and the random numbers that fill
 * them.
 */
@NullMarked
package dev.assay.tensor;

import org.jspecify.annotations.NullMarked;
