/**
 * Who runs plans: the contract, the look-up, the naive fp64 engine, and the recorded run of a plan
 * on an engine.
 */
@NullMarked
package dev.assay.engine;

import org.jspecify.annotations.NullMarked;
