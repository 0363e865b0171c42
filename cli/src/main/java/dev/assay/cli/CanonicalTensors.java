package dev.assay.cli;

import dev.assay.file.TensorFile;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.TensorSpec;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Tensors as mechanisms want them: files may leave out the batch axis, or batch and heads, of
 * whatever has four axes.
 */
final class CanonicalTensors {
  private static final int RANK = 4;

  private CanonicalTensors() {}

  /** The tensors of a file that the mechanism reads; others are not loaded. */
  static Map<String, Tensor> read(Path path, Mechanism mechanism) throws IOException {
    TensorFile file = TensorFile.read(path);
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (TensorSpec spec : mechanism.tensors()) {
      if (file.has(spec.name())) {
        tensors.put(spec.name(), canonical(spec, file.tensor(spec.name())));
      }
    }
    return tensors;
  }

  /** From [n, d] or [H, n, d] to [1, H, n, d], where the mechanism wants [B, H, n, d]. */
  static Tensor canonical(TensorSpec spec, Tensor tensor) {
    int rank = tensor.shape().rank();
    boolean fourAxes =
        spec.shape().startsWith("[B")
            && spec.shape().endsWith("]")
            && spec.shape().split(",").length == RANK;
    if (!fourAxes || rank < 2 || rank >= RANK) {
      return tensor;
    }
    int[] extents = {1, 1, tensor.shape().extent(-2), tensor.shape().extent(-1)};
    if (rank == 3) {
      extents[1] = tensor.shape().extent(0);
    }
    return tensor.reshape(Shape.of(extents));
  }
}
