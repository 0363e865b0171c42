package dev.assay.mechanism;

import java.util.List;

/**
 * A tensor that a mechanism reads.
 *
 * @param name its name in files, on the command line and in Java
 * @param shape its axes in symbols, for instance {@code [B, H, n_q, d]}
 * @param kind whether it is differentiated
 * @param required whether it must be given
 * @param meaning what it is, in a sentence
 */
public record TensorSpec(String name, String shape, Kind kind, boolean required, String meaning) {
  /** What becomes of a tensor in the backward pass. */
  public enum Kind {
    /** Differentiated: q, k, v, bias. Its gradient is {@code d} + name. */
    INPUT,
    /** Differentiated and trained. Its gradient is {@code d_} + name. */
    PARAMETER,
    /** A given discrete choice: masks, lists, lengths, offsets. It has no gradient. */
    CHOICE
  }

  /** The name of its gradient. */
  public String gradient() {
    return kind == Kind.PARAMETER ? "d_" + name : "d" + name;
  }

  /**
   * Queries, keys and values in their canonical shapes: the first three of nearly every mechanism.
   */
  public static List<TensorSpec> qkv() {
    return List.of(
        new TensorSpec("q", "[B, H, n_q, d]", Kind.INPUT, true, "Queries."),
        new TensorSpec(
            "k", "[B, H_kv, n_k, d]", Kind.INPUT, true, "Keys; H is a multiple of H_kv."),
        new TensorSpec("v", "[B, H_kv, n_k, d_v]", Kind.INPUT, true, "Values."));
  }
}
