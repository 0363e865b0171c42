package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Node;
import dev.assay.autograd.Op;
import dev.assay.autograd.Var;
import dev.assay.op.Primitive;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Forward-mode differentiation: walks recorded nodes forwards and asks every op for its directional
 * derivative. It shares no rule with the backward walk.
 */
final class Tangent {
  private final Map<Var, Tensor> tangents = new HashMap<>();

  /** The forward rule of an op. */
  @FunctionalInterface
  interface Rule {
    Tensor jvp(Op op, List<Tensor> x, Tensor y, List<Tensor> dx);
  }

  private Tangent() {}

  /** The rule that primitives bring along. */
  static Tensor primitive(Op op, List<Tensor> x, Tensor y, List<Tensor> dx) {
    if (op instanceof Primitive known) {
      return known.jvp(x, y, dx);
    }
    throw new IllegalArgumentException(
        op.name() + " has no forward rule: check what a mechanism defines, not what it lowers to");
  }

  /** The derivatives of all values of the nodes along the directions {@code u} of the inputs. */
  static Tangent along(List<Node> nodes, List<Var> inputs, List<Tensor> u, Rule rule) {
    Tangent tangent = new Tangent();
    for (int x = 0; x < inputs.size(); x++) {
      tangent.tangents.put(inputs.get(x), u.get(x));
    }
    nodes.forEach(node -> tangent.push(node, rule));
    return tangent;
  }

  private void push(Node node, Rule rule) {
    if (node.inputs().stream().noneMatch(tangents::containsKey)) {
      return;
    }
    List<Tensor> x = new ArrayList<>();
    List<Tensor> dx = new ArrayList<>();
    for (Var input : node.inputs()) {
      x.add(input.value());
      dx.add(of(input));
    }
    Var y = node.outputs().getFirst();
    tangents.put(y, rule.jvp(node.op(), x, y.value(), dx));
  }

  /** The derivative of a value; zeros if it does not depend on the inputs. */
  Tensor of(Var var) {
    Tensor found = tangents.get(var);
    return found != null ? found : Tensor.zeros(var.shape());
  }
}
