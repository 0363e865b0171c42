package dev.assay.mechanism;

import dev.assay.autograd.Var;

/**
 * A mechanism with a part that its output cannot teach, because no gradient passes a hard choice,
 * or that its output alone would teach badly: its paper trains that part with a term of its own.
 */
public interface Taught {
  /**
   * The term that training adds to its loss, with the weight that the paper gives it.
   *
   * @param inputs as {@link Mechanism#define} gets them
   * @return a scalar, [], on the tape of the inputs
   */
  Var lesson(Inputs inputs);
}
