package dev.assay.gradcheck.gradient;

/**
 * How much is compared.
 *
 * @param draws pairs (w, u) for the adjoint identity
 * @param directions random directions for the finite differences
 * @param elements elements of each input that are differenced singly
 * @param second both counts for the gradient's own gradient
 */
public record Effort(int draws, int directions, int elements, int second) {
  /** What a build runs. */
  public static final Effort QUICK = new Effort(8, 3, 4, 1);

  /** Every element of a small case. */
  public static final Effort THOROUGH = new Effort(32, 8, 4096, 4);
}
