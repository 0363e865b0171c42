package dev.assay.autograd;

import dev.assay.check.Require;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.BinaryOperator;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/**
 * Reverse-mode differentiation: walks a tape backwards and asks every op for its pullback. It is
 * given how to add two values and how to make zeros, and knows no other mathematics.
 *
 * @param add records the sum of two values of equal shape
 * @param zeros records zeros of the shape of a value
 */
public record Backward(BinaryOperator<Var> add, UnaryOperator<Var> zeros) {

  /**
   * The cotangents of {@code wrt}, given those of {@code outputs}; zeros where nothing depends.
   *
   * <p>Contributions to a value are added in the order of the reversed tape, so the bits do not
   * depend on anything else. The walk is itself recorded on the tape and can be differentiated
   * again.
   */
  public List<Var> run(List<Var> outputs, List<Var> cotangents, List<Var> wrt) {
    Require.argument(
        outputs.size() == cotangents.size(),
        "%d outputs came with %d cotangents: give one each",
        outputs.size(),
        cotangents.size());
    Map<Var, Var> found = new HashMap<>();
    for (int o = 0; o < outputs.size(); o++) {
      Require.argument(
          outputs.get(o).shape().equals(cotangents.get(o).shape()),
          "the cotangent of %s has shape %s: it must have the output's",
          outputs.get(o),
          cotangents.get(o).shape());
      accumulate(found, outputs.get(o), cotangents.get(o));
    }
    if (!outputs.isEmpty()) {
      // A copy: pullbacks append to the tape while it is walked.
      for (Node node : List.copyOf(outputs.getFirst().tape().nodes()).reversed()) {
        pull(node, found);
      }
    }
    List<Var> gradients = new ArrayList<>();
    for (Var input : wrt) {
      Var gradient = found.get(input);
      gradients.add(gradient != null ? gradient : zeros.apply(input));
    }
    return gradients;
  }

  private void pull(Node node, Map<Var, Var> found) {
    List<@Nullable Var> cotangents = new ArrayList<>();
    boolean reached = false;
    for (Var output : node.outputs()) {
      Var cotangent = found.get(output);
      cotangents.add(cotangent);
      reached |= cotangent != null;
    }
    if (!reached) {
      return;
    }
    List<@Nullable Var> back = node.op().pullback(node, cotangents);
    Require.state(
        back.size() == node.inputs().size(),
        "%s has %d inputs but gave %d cotangents",
        node.op().name(),
        node.inputs().size(),
        back.size());
    for (int x = 0; x < back.size(); x++) {
      Var cotangent = back.get(x);
      if (cotangent != null) {
        accumulate(found, node.inputs().get(x), cotangent);
      }
    }
  }

  private void accumulate(Map<Var, Var> found, Var key, Var cotangent) {
    Var before = found.get(key);
    found.put(key, before == null ? cotangent : add.apply(before, cotangent));
  }
}
