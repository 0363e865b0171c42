package dev.assay.gradcheck.onnx;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * The input attn_mask: 2 to 4 axes that broadcast to [B, H, n_q, n_k] from the right. Booleans say
 * which pairs may meet, numbers are added to the logits. One that is shorter than the keys does not
 * allow those behind its end.
 */
final class AttentionMask {
  private AttentionMask() {}

  /** The oracle's name for it: {@code mask} or {@code bias}. */
  static String name(OnnxTensor mask) {
    return mask.dtype() == DType.BOOL ? "mask" : "bias";
  }

  /** The mask with four axes and as many columns as there are keys. */
  static Tensor widened(OnnxTensor mask, int keys) {
    Shape given = mask.value().shape();
    Require.argument(
        given.rank() >= 2 && given.rank() <= 4,
        "attn_mask has shape %s: 2 to 4 axes are needed",
        given);
    int[] extents = {1, 1, 1, 1};
    System.arraycopy(given.toArray(), 0, extents, 4 - given.rank(), given.rank());
    int columns = extents[3];
    Require.argument(
        columns <= keys, "attn_mask %s has more columns than the %s keys", given, keys);
    double notAllowed = mask.dtype() == DType.BOOL ? 0 : Double.NEGATIVE_INFINITY;
    return Tensor.generate(
        Shape.of(extents).with(3, keys),
        p -> p % keys < columns ? mask.value().get(p / keys * columns + p % keys) : notAllowed);
  }
}
