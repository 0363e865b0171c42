/**
 * The mathematics: one differentiable function a file, with its value and both derivative rules.
 */
@NullMarked
package dev.assay.op;

import org.jspecify.annotations.NullMarked;
