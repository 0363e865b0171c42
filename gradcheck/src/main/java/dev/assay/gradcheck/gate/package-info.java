/**
 * The gates that a result passes or does not: every element within its bound (G1), no bias over
 * many rows (G2), no unusual size of the errors together (G3).
 */
@NullMarked
package dev.assay.gradcheck.gate;

import org.jspecify.annotations.NullMarked;
