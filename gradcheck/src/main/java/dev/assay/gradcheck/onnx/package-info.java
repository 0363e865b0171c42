/**
 * ONNX backend node tests: reading them with suspicion, and asking the oracle whether their outputs
 * are right.
 */
@NullMarked
package dev.assay.gradcheck.onnx;

import org.jspecify.annotations.NullMarked;
