package dev.assay.gradcheck.export;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Locale;
import java.util.Set;

/** The order of the axes of tensors of tokens; the suite's own is {@link #BHSD}. */
public enum Order {
  /** [B, H, n, d]. */
  BHSD,
  /** [B, n, H, d]. */
  BSHD;

  private static final Set<String> TOKENS =
      Set.of(
          "q", "k", "v", "past_k", "past_v", "d_out", "out", "dq", "dk", "dv", "dpast_k",
          "dpast_v");

  /** The name in files and on the command line. */
  public String id() {
    return name().toLowerCase(Locale.ROOT);
  }

  /** A tensor of the suite in this order; what is no tensor of tokens stays as it is. */
  Tensor of(String name, Tensor tensor) {
    Shape from = tensor.shape();
    if (this == BHSD || !TOKENS.contains(name) || from.rank() != 4) {
      return tensor;
    }
    Shape to = Shape.of(from.extent(0), from.extent(2), from.extent(1), from.extent(3));
    return Tensor.generate(
        to,
        p -> {
          int[] x = to.index(p);
          return tensor.at(x[0], x[2], x[1], x[3]);
        });
  }
}
