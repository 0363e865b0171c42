package dev.assay.wiring;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Gradient;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;

/** The gradients of a layer's results in all tensors of the files that they depend on. */
final class WiringGradients {
  /**
   * What stands before the name of a result in that of its cotangent, and of a tensor's gradient.
   */
  static final String COTANGENT = "d_";

  private final Values values;
  private final List<Var> outputs = new ArrayList<>();
  private final List<Var> cotangents = new ArrayList<>();

  private WiringGradients(Values values) {
    this.values = values;
  }

  /**
   * The gradients of {@code sum <result, d_result>} over the results that have a cotangent.
   *
   * @throws IllegalArgumentException if none has, or one has another shape than its result
   */
  static SequencedMap<String, Tensor> of(Values values, Map<String, Value> results) {
    WiringGradients gradients = new WiringGradients(values);
    results.forEach(gradients::seed);
    Require.argument(
        gradients.cotangents.stream().anyMatch(WiringGradients::tells),
        "gradients need a cotangent: neither files nor lines give d_out or another d_RESULT");
    return gradients.inLeaves();
  }

  /** Zeros ask for nothing: a weight of a loss that nobody set. */
  private static boolean tells(Var cotangent) {
    return Arrays.stream(cotangent.value().toDoubles()).anyMatch(number -> number != 0);
  }

  private void seed(String name, Value value) {
    String cotangentName = COTANGENT + name;
    if (!(value instanceof Value.Recorded(Var output)) || !values.has(cotangentName)) {
      return;
    }
    Tensor cotangent = values.tensor(values.get(cotangentName)).to(Storage.F64);
    boolean number = cotangent.shape().rank() == 0;
    Require.argument(
        number || cotangent.shape().equals(output.shape()),
        "%s has shape %s: it must be that of %s, %s",
        cotangentName,
        cotangent.shape(),
        name,
        output.shape());
    Tensor everywhere = number ? Tensor.full(output.shape(), cotangent.get(0)) : cotangent;
    outputs.add(output);
    cotangents.add(values.tape().leaf(cotangentName, everywhere));
  }

  private SequencedMap<String, Tensor> inLeaves() {
    Set<Var> reached = reached();
    List<String> names = new ArrayList<>();
    List<Var> leaves = new ArrayList<>();
    values
        .leaves()
        .forEach(
            (name, leaf) -> {
              if (reached.contains(leaf)) {
                names.add(COTANGENT + name);
                leaves.add(leaf);
              }
            });
    List<Var> found = Gradient.of(outputs, cotangents, leaves);
    SequencedMap<String, Tensor> gradients = new LinkedHashMap<>();
    for (int g = 0; g < names.size(); g++) {
      gradients.put(names.get(g), found.get(g).value());
    }
    return gradients;
  }

  /** Everything that the outputs were made from. */
  private Set<Var> reached() {
    Set<Var> reached = Collections.newSetFromMap(new IdentityHashMap<>());
    reached.addAll(outputs);
    for (Node node : values.tape().nodes().reversed()) {
      if (node.outputs().stream().anyMatch(reached::contains)) {
        reached.addAll(node.inputs());
      }
    }
    return reached;
  }
}
