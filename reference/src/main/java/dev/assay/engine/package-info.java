/** Engines that carry out plans, how they are found, and the naive one that is always there. */
@NullMarked
package dev.assay.engine;

import org.jspecify.annotations.NullMarked;
