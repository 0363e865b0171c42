/** Joins of branches, for every engine that holds F32: by log-sum-exp or by gates. */
@NullMarked
package dev.assay.accelerated.merge;

import org.jspecify.annotations.NullMarked;
