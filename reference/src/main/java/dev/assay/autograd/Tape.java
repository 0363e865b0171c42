package dev.assay.autograd;

import dev.assay.check.Require;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/**
 * Records what is computed, in order, so that it can be differentiated or evaluated again in
 * another arithmetic. It knows no mathematics.
 */
public final class Tape {
  private final List<Node> nodes = new ArrayList<>();
  private int vars;

  /** A value that nothing on the tape computes: an input, a parameter, or a constant. */
  public Var leaf(String name, Tensor value) {
    return new Var(this, vars++, name, value);
  }

  /** Runs an op and records it. */
  public List<Var> record(Op op, List<Var> inputs) {
    List<Tensor> values = new ArrayList<>(inputs.size());
    for (Var input : inputs) {
      Require.argument(
          input.tape() == this, "%s got %s from another tape: use one tape", op.name(), input);
      values.add(input.value());
    }
    List<Var> outputs = new ArrayList<>();
    for (Tensor value : op.run(values)) {
      outputs.add(new Var(this, vars++, op.name(), value));
    }
    nodes.add(new Node(op, List.copyOf(inputs), List.copyOf(outputs)));
    return nodes.getLast().outputs();
  }

  /**
   * Everything recorded so far, in order: a node's inputs are leaves or outputs of earlier nodes.
   */
  public List<Node> nodes() {
    return Collections.unmodifiableList(nodes);
  }

  /** How many values there are: ids run from 0 to this number. */
  public int size() {
    return vars;
  }
}
