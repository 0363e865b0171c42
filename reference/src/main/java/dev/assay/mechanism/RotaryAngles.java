package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.op.Rotary;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * The angles by which a rotary position embedding turns a token: {@code angle(p, c) = p theta^(-2c
 * / r)} for pair c of r/2, or a given table with a row for each position.
 *
 * @param layout which channels form a pair
 * @param theta base of the frequencies
 * @param dim r: channels that are turned, even; the others pass through
 * @param cos given cosines [positions, r/2], or null
 * @param sin given sines, as {@code cos}
 */
record RotaryAngles(
    Rotary.Layout layout, double theta, int dim, @Nullable Tensor cos, @Nullable Tensor sin) {

  /** Position of a token of a batch entry. */
  interface Position {
    /** Position of token i of batch entry b. */
    int of(int b, int i);
  }

  RotaryAngles {
    Require.argument(
        (cos == null) == (sin == null), "cos and sin belong together: give both or none");
    Require.argument(
        dim > 0 && dim % 2 == 0, "rotaryDim is %d: it must be even and at least 2", dim);
    Require.argument(theta > 0, "theta is %s: it must be positive", theta);
    for (Tensor table : cos == null || sin == null ? new Tensor[0] : new Tensor[] {cos, sin}) {
      Require.argument(
          table.shape().rank() == 2 && table.shape().extent(1) == dim / 2,
          "cos and sin have shapes %s and %s: [positions, %d] is needed",
          cos == null ? "" : cos.shape(),
          sin == null ? "" : sin.shape(),
          dim / 2);
    }
  }

  /** Turns the tokens of x [B, H, n, d] as their positions say. */
  Var turn(Var x, Position position) {
    Require.argument(
        dim <= x.shape().extent(3),
        "rotaryDim is %d, but there are %d channels",
        dim,
        x.shape().extent(3));
    Shape angles = Shape.of(x.shape().extent(0), 1, x.shape().extent(2), dim / 2);
    Tensor cosines = Tensor.generate(angles, p -> cosine(position, angles.index(p)));
    Tensor sines = Tensor.generate(angles, p -> sine(position, angles.index(p)));
    return Ops.rotary(x, Ops.constant(x.tape(), cosines), Ops.constant(x.tape(), sines), layout);
  }

  private double cosine(Position position, int[] x) {
    int at = position.of(x[0], x[2]);
    return cos != null ? row(cos, at, x[3]) : StrictMath.cos(angle(at, x[3]));
  }

  private double sine(Position position, int[] x) {
    int at = position.of(x[0], x[2]);
    return sin != null ? row(sin, at, x[3]) : StrictMath.sin(angle(at, x[3]));
  }

  private double angle(int position, int pair) {
    return position * StrictMath.pow(theta, -2.0 * pair / dim);
  }

  private static double row(Tensor table, int position, int pair) {
    int rows = table.shape().extent(0);
    Require.argument(
        position >= 0 && position < rows,
        "a token stands at position %d, but cos and sin have rows for 0..%d",
        position,
        rows - 1);
    return table.at(position, pair);
  }
}
