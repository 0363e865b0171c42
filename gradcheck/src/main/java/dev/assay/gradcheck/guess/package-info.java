/**
 * Guesses at what went wrong, from the pattern of a failure: one small class for each suspicion,
 * some of which compute the oracle again under a changed assumption and see whether that is the
 * result.
 */
@NullMarked
package dev.assay.gradcheck.guess;

import org.jspecify.annotations.NullMarked;
