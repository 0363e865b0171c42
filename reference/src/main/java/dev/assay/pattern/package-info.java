/** Which pairs of query and key exist: patterns, block masks, and how to draw and count them. */
@NullMarked
package dev.assay.pattern;

import org.jspecify.annotations.NullMarked;
