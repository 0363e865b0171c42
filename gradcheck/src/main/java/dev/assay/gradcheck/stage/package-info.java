/**
 * Which stage of attention is wrong: a failing result is held against what a single wrong stage
 * would give, from the results alone.
 */
@NullMarked
package dev.assay.gradcheck.stage;

import org.jspecify.annotations.NullMarked;
