package dev.assay.plan;

import dev.assay.check.Require;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/**
 * Gradients by name: dq, dk, dv, dbias, and what a plan adds. Each has the shape of what it is the
 * gradient of.
 *
 * @param byName the tensors, in a fixed order
 */
public record Gradients(SequencedMap<String, Tensor> byName) {
  /** Copies the map. */
  public Gradients {
    byName = new LinkedHashMap<>(byName);
  }

  /** The three that every plan has. */
  public static Gradients of(Tensor dq, Tensor dk, Tensor dv) {
    SequencedMap<String, Tensor> named = new LinkedHashMap<>();
    named.put("dq", dq);
    named.put("dk", dk);
    named.put("dv", dv);
    return new Gradients(named);
  }

  /** These and one more; null is left out. */
  public Gradients and(String name, @Nullable Tensor gradient) {
    if (gradient == null) {
      return this;
    }
    SequencedMap<String, Tensor> more = new LinkedHashMap<>(byName);
    more.put(name, gradient);
    return new Gradients(more);
  }

  /** The gradient of that name. */
  public Tensor get(String name) {
    Tensor gradient = ((Map<String, Tensor>) byName).get(name);
    Require.argument(
        gradient != null, "there is no gradient %s: there are %s", name, byName.keySet());
    return Objects.requireNonNull(gradient);
  }
}
