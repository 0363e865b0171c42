/**
 * How other projects write down which blocks exist: each layout read with suspicion into a {@link
 * dev.assay.pattern.BlockMask} and written from one, and what it cannot say.
 */
@NullMarked
package dev.assay.layout;

import org.jspecify.annotations.NullMarked;
