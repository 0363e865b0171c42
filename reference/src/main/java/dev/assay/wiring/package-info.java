/**
 * Layers of other projects, written in a few readable lines around any mechanism: how its tensors
 * are made from the tokens and weights in a file, and what becomes of its output.
 *
 * <p>A {@link dev.assay.wiring.Wiring} is such a text; {@link dev.assay.wiring.WiringCatalog} lists
 * those that come with Assay; a {@link dev.assay.wiring.WiringRun} is one on given tensors, with
 * gradients of everything it read.
 */
@NullMarked
package dev.assay.wiring;

import org.jspecify.annotations.NullMarked;
