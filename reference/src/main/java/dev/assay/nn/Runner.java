package dev.assay.nn;

import dev.assay.autograd.Tape;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;

/** Who works a mechanism out within a model. */
@FunctionalInterface
public interface Runner {
  /** The answer of the mechanism. */
  Answer run(Mechanism mechanism, Tape tape, Inputs inputs);

  /** By ops alone: the meaning. */
  static Runner naive() {
    return (mechanism, tape, inputs) -> mechanism.define(tape, inputs);
  }

  /** With the plans run on an engine. */
  static Runner on(Engine engine) {
    return (mechanism, tape, inputs) -> mechanism.lower(tape, inputs, engine);
  }
}
