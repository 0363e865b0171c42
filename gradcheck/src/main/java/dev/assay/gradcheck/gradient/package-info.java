/**
 * Gradients proved in independent ways: adjoint identity, finite differences with their own error
 * estimate, fused formulas against the tape, and golden files. Nothing that was not compared counts
 * as checked.
 */
@NullMarked
package dev.assay.gradcheck.gradient;

import org.jspecify.annotations.NullMarked;
