/**
 * Training-free selection: mechanisms that look at queries and keys, without a parameter of their
 * own, to leave out what will hardly weigh. Beside them stands the learnable attention mask, which
 * weighs every pair and leaves nothing out.
 */
@NullMarked
package dev.assay.mechanism.pruned;

import org.jspecify.annotations.NullMarked;
