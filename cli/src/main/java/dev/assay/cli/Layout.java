package dev.assay.cli;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/** The order of axes in a user's tensors of tokens; Assay's own is {@link #BHSD}. */
enum Layout {
  /** [B, H, n, d]; [H, n, d] and [n, d] are read as one batch entry, and one head. */
  BHSD,
  /** [B, n, H, d]. */
  BSHD,
  /** [n, B, H, d]. */
  SBHD,
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
        yield permuted(t, 0, 2, 1, 3);
      }
      case SBHD -> {
        Require.argument(
            rank == 4, "%s has shape %s: layout sbhd is [n, B, H, d]", name, t.shape());
        yield permuted(t, 1, 2, 0, 3);
      }
      case THD -> {
        Require.argument(
            rank == 3, "%s has shape %s: layout thd is [total, H, d]", name, t.shape());
        yield permuted(promoted(t, 4), 0, 2, 1, 3);
      }
    };
  }

  /** A tensor [B, H, n, d] as the user has it, where {@code leading} axes of 1 were put before. */
  Tensor users(Tensor t, int leading) {
    return switch (this) {
      case BHSD -> demoted(t, leading);
      case BSHD -> permuted(t, 0, 2, 1, 3);
      case SBHD -> permuted(t, 2, 0, 1, 3);
      case THD -> demoted(permuted(t, 0, 2, 1, 3), 1);
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
    return t.reshape(Shape.of(Arrays.copyOfRange(extents, leading, extents.length)));
  }

  /** The tensor whose axis a is the given one of t. */
  static Tensor permuted(Tensor t, int... axes) {
    Shape s = t.shape();
    int[] extents = new int[axes.length];
    Arrays.setAll(extents, a -> s.extent(axes[a]));
    Shape to = Shape.of(extents);
    int[] from = new int[axes.length];
    return Tensor.generate(
            to,
            p -> {
              int[] x = to.index(p);
              for (int a = 0; a < axes.length; a++) {
                from[axes[a]] = x[a];
              }
              return t.get(s.offset(from));
            })
        .to(t.storage());
  }
}
