package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.op.Detach;
import dev.assay.op.OpCatalog;
import dev.assay.op.Primitive;
import dev.assay.op.StraightThrough;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * The function whose exact derivative the rules claim to give. It is the recorded one, except that
 * near a base point
 *
 * <ul>
 *   <li>a straight-through value moves with its soft input: {@code y = soft + (hard_0 - soft_0)};
 *   <li>what stops a gradient by design keeps its value of the base point.
 * </ul>
 */
final class Surrogate {
  private final Map<Var, Tensor> replaced = new HashMap<>();

  private Surrogate() {}

  /**
   * Its outputs at another point.
   *
   * @param base nodes recorded at the base point
   * @param nodes nodes recorded at the other point, with the same choices
   * @param outputs which values of the other recording
   */
  static List<Tensor> outputs(List<Node> base, List<Node> nodes, List<Var> outputs) {
    Surrogate surrogate = new Surrogate();
    for (int n = 0; n < nodes.size(); n++) {
      surrogate.replay(base.get(n), nodes.get(n));
    }
    return surrogate.values(outputs);
  }

  private List<Tensor> values(List<Var> vars) {
    return vars.stream().map(var -> replaced.getOrDefault(var, var.value())).toList();
  }

  private void replay(Node base, Node node) {
    Tensor frozen = base.outputs().getFirst().value();
    List<Tensor> x = values(node.inputs());
    switch (node.op()) {
      case Detach _ -> replaced.put(node.outputs().getFirst(), frozen);
      case StraightThrough _ -> {
        Tensor soft = x.get(1);
        Tensor softThen = base.inputs().get(1).value();
        replaced.put(
            node.outputs().getFirst(),
            Tensor.generate(soft.shape(), p -> soft.get(p) + (frozen.get(p) - softThen.get(p))));
      }
      default -> {
        List<Tensor> held = hold(base, node, x);
        if (!held.equals(Recording.values(node.inputs()))) {
          List<Tensor> y = node.op().run(held);
          for (int o = 0; o < y.size(); o++) {
            replaced.put(node.outputs().get(o), y.get(o));
          }
        }
      }
    }
  }

  /** The inputs, those without a gradient as they were at the base point. */
  private static List<Tensor> hold(Node base, Node node, List<Tensor> x) {
    List<Tensor> held = new ArrayList<>(x);
    if (node.op() instanceof Primitive op) {
      for (int constant : OpCatalog.withoutGradient(op)) {
        Tensor then = base.inputs().get(constant).value();
        if (!then.bitEquals(x.get(constant))) {
          held.set(constant, then);
        }
      }
    }
    return held;
  }
}
