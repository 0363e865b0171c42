/** Mechanisms whose input decides which blocks of keys, or which keys, a query meets. */
@NullMarked
package dev.assay.mechanism.selected;

import org.jspecify.annotations.NullMarked;
