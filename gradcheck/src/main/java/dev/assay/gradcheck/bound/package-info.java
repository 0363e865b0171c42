/**
 * How far a result of a class of precision may lie from the right one: an error bound for every
 * element of every output and gradient, derived from the data by walking the recorded graph.
 */
@NullMarked
package dev.assay.gradcheck.bound;

import org.jspecify.annotations.NullMarked;
