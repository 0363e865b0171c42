/**
 * The second evaluator: recorded graphs, forward and gradient, in balls; what it proves of results,
 * and by how much the first evaluator errs. It shares no code with the ops.
 */
@NullMarked
package dev.assay.gradcheck.certified;

import org.jspecify.annotations.NullMarked;
