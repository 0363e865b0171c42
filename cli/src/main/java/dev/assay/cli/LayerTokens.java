package dev.assay.cli;

import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The tokens of a layer in the user's order of axes: x, memory, out and their cotangents are [B, n,
 * width] for a layer; wirings whose own tensors lie otherwise turn them themselves.
 *
 * @param layout of the user, or null for [B, n, width]
 */
record LayerTokens(@Nullable Layout layout) {
  private static final Set<String> TOKENS =
      Set.of("x", "memory", "out", "d_out", "d_x", "d_memory");

  /** Checks that the layout says something about tokens that are no heads yet. */
  LayerTokens {
    Usage.require(
        layout != Layout.THD,
        "--layout is thd: tokens of a layer are [B, n, width] or, with sbhd, [n, B, width]");
  }

  /**
   * Tensors of files as a layer reads them; results as the user has them: it is its own inverse.
   */
  SequencedMap<String, Tensor> turned(Map<String, Tensor> tensors) {
    SequencedMap<String, Tensor> all = new LinkedHashMap<>(tensors);
    if (layout == Layout.SBHD) {
      all.replaceAll(
          (name, x) ->
              TOKENS.contains(name) && x.shape().rank() == 3 ? Layout.permuted(x, 1, 0, 2) : x);
    }
    return all;
  }
}
