package dev.assay.nn;

import dev.assay.autograd.Node;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * One run of a mechanism in a model, for whoever looks at it afterwards: terms of a loss,
 * telemetry.
 *
 * @param layer name of the layer
 * @param mechanism with its settings
 * @param inputs what it read
 * @param answer what it gave
 * @param nodes what it recorded, in order
 */
public record Attended(
    String layer, Mechanism mechanism, Inputs inputs, Answer answer, List<Node> nodes) {
  /** What it read, as numbers by name. */
  public Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    inputs.all().forEach((name, var) -> tensors.put(name, var.value()));
    return tensors;
  }
}
