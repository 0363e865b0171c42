/**
 * Layers around the mechanisms: projections, norms, models.
 *
 * <p>Functions of a few tensors are records of these tensors: {@link dev.assay.nn.Linear}, {@link
 * dev.assay.nn.LayerNorm}. What has an architecture is a record of its sizes and is applied within
 * a {@link dev.assay.nn.Scope}, which names, makes and remembers the parameters: {@link
 * dev.assay.nn.AttentionLayer}, {@link dev.assay.nn.Classifier}.
 */
@NullMarked
package dev.assay.nn;

import org.jspecify.annotations.NullMarked;
