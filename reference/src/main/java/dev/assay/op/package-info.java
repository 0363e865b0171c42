/** The mathematics: one primitive a file, each with its forward, vjp and jvp. */
@NullMarked
package dev.assay.op;

import org.jspecify.annotations.NullMarked;
