package dev.assay.gradcheck.bound;

import dev.assay.op.Rotary;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Errors of a rotation of channel pairs, before the result is stored. A turned channel is a sum of
 * two products: {@code M(ex, cos, sin) + M(|x| + ex, ecos, esin) + 3 uS M(|x|, cos, sin)} with
 * {@code M(x, c, s)_a = x_a |c| + x_b |s|}; a channel that passes through has {@code ex} only.
 */
final class RotaryBound {
  private RotaryBound() {}

  static double[] of(Rotary op, List<Known> x, Rounding u) {
    Tensor values = LinearBound.magnitude(x.get(0));
    Tensor errors = LinearBound.errors(x.get(0));
    Tensor cos = LinearBound.magnitude(x.get(1));
    Tensor sin = LinearBound.magnitude(x.get(2));
    double[] bound = magnitude(op, errors, cos, sin);
    double[] rounding = magnitude(op, values, cos, sin);
    double[] angles =
        magnitude(op, values, LinearBound.errors(x.get(1)), LinearBound.errors(x.get(2)));
    int channels = values.shape().extent(-1);
    int turned = 2 * cos.shape().extent(-1);
    for (int p = 0; p < bound.length; p++) {
      if (p % channels < turned) {
        bound[p] += angles[p] + 3 * u.uS() * rounding[p];
      }
    }
    return bound;
  }

  /** x_a c + x_b s and x_a s + x_b c: the op subtracts in one of them, so each sign serves one. */
  private static double[] magnitude(Rotary op, Tensor x, Tensor c, Tensor s) {
    Tensor minus = Tensor.generate(s.shape(), p -> -s.get(p));
    double[] one = op.forward(List.of(x, c, s)).toDoubles();
    double[] other = op.forward(List.of(x, c, minus)).toDoubles();
    for (int p = 0; p < one.length; p++) {
      one[p] = Math.max(one[p], other[p]);
    }
    return one;
  }
}
