package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** What a model adds to its tokens so that they know where they stand. */
public enum Positions {
  /** Nothing; a mechanism may turn queries and keys itself. */
  NONE,
  /**
   * {@code PE(p, 2t) = sin(p / 10000^(2t/width)), PE(p, 2t+1) = cos(same)}, interleaved: Vaswani et
   * al., "Attention is all you need" (2017).
   */
  SINUSOIDAL,
  /** A learned row for each position up to {@link #MOST}. */
  LEARNED;

  /** Positions that a learned table has. */
  public static final int MOST = 2048;

  /** Adds them to [B, n, width] whose first token stands at {@code from}. */
  public Var of(Scope scope, Var x, int from) {
    int n = x.shape().extent(1);
    int width = x.shape().extent(2);
    return switch (this) {
      case NONE -> x;
      case SINUSOIDAL -> Ops.add(x, Ops.constant(x.tape(), waves(from, n, width)));
      case LEARNED -> {
        Var table = scope.parameter("positions", Start.bell(0.02), MOST, width);
        yield Ops.add(x, Ops.slice(table, 0, from, from + n));
      }
    };
  }

  /** Rows {@code from} to {@code from + n - 1} of the table of sines and cosines. */
  static Tensor waves(int from, int n, int width) {
    return Tensor.generate(
        Shape.of(n, width),
        p -> {
          int c = p % width;
          double angle = (from + p / width) / StrictMath.pow(10000, (c - c % 2) / (double) width);
          return c % 2 == 0 ? StrictMath.sin(angle) : StrictMath.cos(angle);
        });
  }
}
