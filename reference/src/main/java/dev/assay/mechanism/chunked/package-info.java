/** Mechanisms that cut the sequence into chunks which attend as wholes. */
@NullMarked
package dev.assay.mechanism.chunked;

import org.jspecify.annotations.NullMarked;
