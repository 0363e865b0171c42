package dev.assay.gradcheck.onnx;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import java.util.List;
import java.util.Objects;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * What a node is given.
 *
 * @param node the node
 * @param tensors its inputs by position, null for one that is left out
 */
record Operands(Node node, List<@Nullable OnnxTensor> tensors) {
  /** The input at a position, or null if it is left out. */
  @Nullable OnnxTensor find(int position) {
    return position < tensors.size() ? tensors.get(position) : null;
  }

  /** The input at a position, which must be there. */
  OnnxTensor need(int position, String name) {
    OnnxTensor found = find(position);
    Require.argument(
        found != null, "%s needs the input %s at position %s", node.operator(), name, position);
    return Objects.requireNonNull(found);
  }

  /** The same, of floating-point numbers and without an empty axis. */
  OnnxTensor needNumbers(int position, String name) {
    OnnxTensor found = need(position, name);
    Shape shape = found.value().shape();
    Require.argument(
        found.dtype().floating(), "%s has type %s: floats are needed", name, found.dtype());
    Require.argument(
        IntStream.of(shape.toArray()).allMatch(extent -> extent > 0),
        "%s has shape %s: every extent must be at least 1",
        name,
        shape);
    return found;
  }

  /** Whether somebody wants the output at a position. */
  boolean wants(int output) {
    return output < node.outputs().size() && !node.outputs().get(output).isEmpty();
  }
}
