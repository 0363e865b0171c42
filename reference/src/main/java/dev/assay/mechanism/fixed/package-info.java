/** Mechanisms whose pattern is known before the input: dense, windows, given blocks. */
@NullMarked
package dev.assay.mechanism.fixed;

import org.jspecify.annotations.NullMarked;
