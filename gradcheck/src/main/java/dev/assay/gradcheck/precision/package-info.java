/**
 * What narrow numbers do to a mechanism: recorded graphs replayed in a chosen storage,
 * accumulation, rounding and order of summation, and the error against binary64 as sizes grow.
 */
@NullMarked
package dev.assay.gradcheck.precision;

import org.jspecify.annotations.NullMarked;
