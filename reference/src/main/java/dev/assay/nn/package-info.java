/** Layers around the mechanisms: projections, norms, models. */
@NullMarked
package dev.assay.nn;

import org.jspecify.annotations.NullMarked;
