package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.op.Rotary;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The angles by which a rotary position embedding turns a token: {@code angle(p, c) = p theta^(-2c
 * / r)} for pair c of r/2, or a given table with a row for each position that is read.
 *
 * @param layout which channels form a pair
 * @param theta base of the frequencies
 * @param dim r: channels that are turned, even; the others pass through
 * @param cos given cosines [positions, r/2], or null
 * @param sin given sines, as {@code cos}
 */
public record RotaryAngles(
    Rotary.Layout layout, double theta, int dim, @Nullable Tensor cos, @Nullable Tensor sin) {

  /** Position of a token of a batch entry. */
  public interface Position {
    /** Position of token i of batch entry b. */
    int of(int b, int i);
  }

  public RotaryAngles {
    Require.argument(
        (cos == null) == (sin == null), "cos and sin belong together: give both or none");
    Require.argument(
        dim > 0 && dim % 2 == 0, "rotaryDim is %d: it must be even and at least 2", dim);
    Require.argument(theta > 0, "theta is %s: it must be positive", theta);
    for (Tensor table : tables(cos, sin)) {
      Require.argument(
          table.shape().rank() == 2 && table.shape().extent(1) == dim / 2,
          "cos and sin have shapes %s and %s: [positions, %d] is needed",
          cos == null ? "" : cos.shape(),
          sin == null ? "" : sin.shape(),
          dim / 2);
    }
  }

  /** Whether a token has any part in the attention. */
  public interface Read {
    /** Whether token i of batch entry b is read. */
    boolean of(int b, int i);
  }

  /**
   * Turns the tokens of x [B, H, n, d] as their positions say. A token without a row in a given
   * table keeps its direction: {@link #requireRows} says whether that matters.
   */
  public Var turn(Var x, Position position) {
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
    if (cos == null) {
      return StrictMath.cos(angle(at, x[3]));
    }
    return hasRow(cos, at) ? cos.at(at, x[3]) : 1;
  }

  private double sine(Position position, int[] x) {
    int at = position.of(x[0], x[2]);
    if (sin == null) {
      return StrictMath.sin(angle(at, x[3]));
    }
    return hasRow(sin, at) ? sin.at(at, x[3]) : 0;
  }

  private double angle(int position, int pair) {
    return position * StrictMath.pow(theta, -2.0 * pair / dim);
  }

  private static boolean hasRow(Tensor table, int position) {
    return position >= 0 && position < table.shape().extent(0);
  }

  /**
   * Checks that the given tables, if any, have a row for every token that is read.
   *
   * @param what what a message calls a token
   * @param tokens tokens of each batch entry
   */
  public void requireRows(String what, int batches, int tokens, Position position, Read read) {
    for (Tensor table : tables(cos, sin)) {
      for (int b = 0; b < batches; b++) {
        for (int i = 0; i < tokens; i++) {
          int at = position.of(b, i);
          // Whether it is read is the dearer question: only a token without a row raises it.
          Require.argument(
              hasRow(table, at) || !read.of(b, i),
              "a %s stands at position %d, but cos and sin have rows for 0..%d",
              what,
              at,
              table.shape().extent(0) - 1);
        }
      }
    }
  }

  private static List<Tensor> tables(@Nullable Tensor cos, @Nullable Tensor sin) {
    return cos == null || sin == null ? List.of() : List.of(cos, sin);
  }
}
