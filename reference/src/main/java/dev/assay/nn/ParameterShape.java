package dev.assay.nn;

import dev.assay.check.Require;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.TensorSpec;
import dev.assay.mechanism.TensorSpec.Kind;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/** What a mechanism's own tensors look like within a layer. */
final class ParameterShape {
  private ParameterShape() {}

  /**
   * The shape of a parameter: by its written axes, else that of the mechanism's example; empty if
   * it is optional and the example does without.
   */
  static Optional<Shape> of(AttentionLayer layer, TensorSpec spec, Scope scope, int tokens) {
    Map<String, Integer> symbols =
        Map.of(
            "H", layer.heads(),
            "H_kv", layer.kvHeads(),
            "d", layer.depth(),
            "d_v", layer.depth(),
            "D", layer.width(),
            "d_model", layer.width());
    Tensor shown = null;
    if (!spec.required() || TensorAxes.of(spec).extents(symbols).isEmpty()) {
      shown = example(layer, scope, tokens).get(spec.name());
    }
    if (shown == null && !spec.required()) {
      return Optional.empty();
    }
    Optional<int[]> written = TensorAxes.of(spec).extents(symbols);
    if (written.isPresent()) {
      return Optional.of(Shape.of(written.get()));
    }
    Require.argument(
        shown != null,
        "the shape %s of the parameter %s of %s cannot be told, and its example has none",
        spec.shape(),
        spec.name(),
        layer.mechanism().id());
    return Optional.of(java.util.Objects.requireNonNull(shown).shape());
  }

  /**
   * Offsets begin as 0, gains as 1, all else bell-shaped with deviation 1/sqrt(last extent), which
   * keeps the size of what they are multiplied with.
   */
  static Start start(String name, Shape shape) {
    if (name.startsWith("b_") || name.startsWith("bias")) {
      return Start.zeros();
    }
    if (name.contains("gain") || name.contains("gamma")) {
      return Start.ones();
    }
    int last = shape.rank() == 0 ? 1 : Math.max(1, shape.extent(-1));
    return Start.bell(1 / Math.sqrt(last));
  }

  /** The choices that the mechanism's example of this length gives. */
  static Map<String, Tensor> exampleChoices(AttentionLayer layer, Scope scope, int tokens) {
    Map<String, Tensor> shown = example(layer, scope, tokens);
    Map<String, Tensor> choices = new LinkedHashMap<>();
    for (TensorSpec spec : layer.mechanism().tensors()) {
      Tensor choice = shown.get(spec.name());
      if (spec.kind() == Kind.CHOICE && choice != null) {
        choices.put(spec.name(), choice);
      }
    }
    return choices;
  }

  private static Map<String, Tensor> example(AttentionLayer layer, Scope scope, int tokens) {
    return scope.remembered(
        "n=" + tokens,
        () -> {
          int n = Math.max(1, tokens);
          return layer.mechanism().example(
              new Example(layer.heads(), n, layer.depth(), scope.seed()));
        });
  }

  /** A tensor of one batch entry for each of many. */
  static Tensor repeat(Tensor one, int batch) {
    if (one.shape().extent(0) != 1 || batch == 1) {
      return one;
    }
    return Tensor.generate(one.shape().with(0, batch), p -> one.get(p % one.size()));
  }
}
