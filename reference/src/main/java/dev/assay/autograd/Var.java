package dev.assay.autograd;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * A value on a {@link Tape}: a leaf, or an output of a recorded {@link Node}. Equal only to itself.
 */
public final class Var {
  private final Tape tape;
  private final int id;
  private final String name;
  private final Tensor value;

  Var(Tape tape, int id, String name, Tensor value) {
    this.tape = tape;
    this.id = id;
    this.name = name;
    this.value = value;
  }

  /** The tape that it lives on. */
  public Tape tape() {
    return tape;
  }

  /**
   * Position in the order of creation on the tape; an op's inputs have smaller ids than its
   * outputs.
   */
  public int id() {
    return id;
  }

  /** The name of a leaf, or the name of the op that made it. */
  public String name() {
    return name;
  }

  /** The number that it stands for. */
  public Tensor value() {
    return value;
  }

  /** The extents of the value. */
  public Shape shape() {
    return value.shape();
  }

  @Override
  public String toString() {
    return name + "#" + id + value.shape();
  }
}
