package dev.assay.op;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Rotary position embedding: turns pairs of channels by given angles, {@code y_a = x_a cos - x_b
 * sin, y_b = x_a sin + x_b cos}, with x [.., n, d] and cos, sin [.., n, r/2], r at most d; channels
 * from r on pass through. {@code dx} is the rotation of {@code dy} by the opposite angles; the
 * angles are constants and have no gradient, by design. Source: Su et al., "RoFormer: Enhanced
 * transformer with rotary position embedding" (2021).
 *
 * @param layout which channels form a pair
 */
public record Rotary(Layout layout) implements Primitive {
  /** Which two channels pair p turns. */
  public enum Layout {
    /** Channels 2p and 2p + 1. */
    INTERLEAVED,
    /** Channels p and p + r/2. */
    HALF;

    private int first(int pair) {
      return this == INTERLEAVED ? 2 * pair : pair;
    }

    private int second(int pair, int pairs) {
      return this == INTERLEAVED ? 2 * pair + 1 : pair + pairs;
    }
  }

  @Override
  public Tensor forward(List<Tensor> x) {
    return turn(x.get(0), x.get(1), x.get(2));
  }

  private Tensor turn(Tensor x, Tensor cos, Tensor sin) {
    int pairs = check(x.shape(), cos.shape(), sin.shape());
    int d = x.shape().extent(-1);
    double[] y = x.toDoubles();
    for (int angle = 0; angle < cos.size(); angle++) {
      int row = angle / pairs * d;
      int a = row + layout.first(angle % pairs);
      int b = row + layout.second(angle % pairs, pairs);
      y[a] = x.get(a) * cos.get(angle) - x.get(b) * sin.get(angle);
      y[b] = x.get(a) * sin.get(angle) + x.get(b) * cos.get(angle);
    }
    return Tensor.adopt(x.shape(), y);
  }

  private static int check(Shape x, Shape cos, Shape sin) {
    int pairs = cos.extent(-1);
    Require.argument(
        cos.equals(sin) && x.with(-1, pairs).equals(cos),
        "Rotary got x %s, cos %s, sin %s: all extents but the last must agree",
        x,
        cos,
        sin);
    Require.argument(
        2 * pairs <= x.extent(-1),
        "Rotary turns %d pairs, but x %s has too few channels: give at most half as many angles",
        pairs,
        x);
    return pairs;
  }

  @Override
  public List<@Nullable Var> vjp(List<Var> x, Var y, Var dy) {
    return Arrays.asList(Ops.rotary(dy, x.get(1), Ops.scale(x.get(2), -1), layout), null, null);
  }

  @Override
  public Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx) {
    return turn(dx.get(0), x.get(1), x.get(2));
  }
}
