package dev.assay.train;

import dev.assay.autograd.Var;
import dev.assay.nn.Scope;

/**
 * A model and what it should learn.
 *
 * @param <B> the batches that it is shown
 */
@FunctionalInterface
public interface Objective<B> {
  /** The loss of a batch, a scalar. */
  Var loss(Scope scope, B batch);
}
