/**
 * Numbers that carry a proven radius: a fast kind of two doubles, a wide kind of whole numbers, and
 * elementary functions written once for both.
 */
@NullMarked
package dev.assay.gradcheck.ball;

import org.jspecify.annotations.NullMarked;
