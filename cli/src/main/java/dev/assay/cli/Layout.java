package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** The order of axes in a user's tensors of tokens; Assay's own is {@link #BHSD}. */
enum Layout {
  /** [B, H, n, d]; [H, n, d] and [n, d] are read as one batch entry, and one head. */
  BHSD,
  /** [B, n, H, d]. */
  BSHD,
  /** [total, H, d]: packed sequences, one behind the other. */
  THD;

  /** A tensor of tokens as [B, H, n, d]. */
  Tensor canonical(String name, Tensor t) {
    int rank = t.shape().rank();
    return switch (this) {
      case BHSD -> {
        Require.argument(
            rank >= 2 && rank <= 4,
            "%s has shape %s: [n, d], [H, n, d] or [B, H, n, d] is needed",
            name,
            t.shape());
        yield promoted(t, 4);
      }
      case BSHD -> {
        Require.argument(
            rank == 4, "%s has shape %s: layout bshd is [B, n, H, d]", name, t.shape());
        yield swapped(t);
      }
      case THD -> {
        Require.argument(
            rank == 3, "%s has shape %s: layout thd is [total, H, d]", name, t.shape());
        yield swapped(promoted(t, 4));
      }
    };
  }

  /** A tensor [B, H, n, d] as the user has it, where {@code leading} axes of 1 were put before. */
  Tensor users(Tensor t, int leading) {
    return switch (this) {
      case BHSD -> demoted(t, leading);
      case BSHD -> swapped(t);
      case THD -> demoted(swapped(t), 1);
    };
  }

  /** The tensor with axes of 1 put before, until it has that rank. */
  static Tensor promoted(Tensor t, int rank) {
    int[] extents = new int[rank];
    int missing = rank - t.shape().rank();
    for (int axis = 0; axis < rank; axis++) {
      extents[axis] = axis < missing ? 1 : t.shape().extent(axis - missing);
    }
    return t.reshape(Shape.of(extents));
  }

  /** The tensor without its first axes. */
  static Tensor demoted(Tensor t, int leading) {
    int[] extents = t.shape().toArray();
    return t.reshape(Shape.of(java.util.Arrays.copyOfRange(extents, leading, extents.length)));
  }

  /** Axes 1 and 2 of four exchanged. */
  private static Tensor swapped(Tensor t) {
    Shape s = t.shape();
    Shape to = Shape.of(s.extent(0), s.extent(2), s.extent(1), s.extent(3));
    int[] from = new int[4];
    return Tensor.generate(
            to,
            p -> {
              int[] x = to.index(p);
              from[0] = x[0];
              from[1] = x[2];
              from[2] = x[1];
              from[3] = x[3];
              return t.get(s.offset(from));
            })
        .to(t.storage());
  }
}
