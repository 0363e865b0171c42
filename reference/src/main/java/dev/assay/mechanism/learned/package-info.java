/** Mechanisms that learn which pairs of tokens exist, or reweigh those that do. */
@NullMarked
package dev.assay.mechanism.learned;

import org.jspecify.annotations.NullMarked;
