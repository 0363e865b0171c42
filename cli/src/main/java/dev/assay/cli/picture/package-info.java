/** Pixels: what attention looks like, as PNG and SVG. */
@NullMarked
package dev.assay.cli.picture;

import org.jspecify.annotations.NullMarked;
