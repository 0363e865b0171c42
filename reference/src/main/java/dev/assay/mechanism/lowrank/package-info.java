/** Mechanisms that see the sequence through fewer rows: projections, landmarks, anchors. */
@NullMarked
package dev.assay.mechanism.lowrank;

import org.jspecify.annotations.NullMarked;
