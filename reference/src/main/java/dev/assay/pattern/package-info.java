/** Which query-key pairs exist: token patterns, block masks, their drawing and counting. */
@NullMarked
package dev.assay.pattern;

import org.jspecify.annotations.NullMarked;
