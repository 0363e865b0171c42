/** Mechanisms that choose among heads. */
@NullMarked
package dev.assay.mechanism.heads;

import org.jspecify.annotations.NullMarked;
