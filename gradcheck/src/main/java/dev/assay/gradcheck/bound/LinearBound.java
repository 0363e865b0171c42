package dev.assay.gradcheck.bound;

import dev.assay.op.Primitive;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntToDoubleFunction;
import org.jspecify.annotations.Nullable;

/**
 * Errors of ops that are linear in each input with coefficients 0 and 1: the op itself, applied to
 * magnitudes and errors, says where they go. With N terms in an element (the op applied to ones):
 *
 * <pre>
 * moved     f(e)
 * sum       f(e) + N uAcc f(|x|)
 * product   f(|a|, eb) + f(ea, |b|) + f(ea, eb) + N uAcc f(|a|, |b|)
 * </pre>
 */
final class LinearBound {
  private LinearBound() {}

  static double @Nullable [] moved(Primitive op, List<Known> x) {
    List<Tensor> errors = new ArrayList<>();
    boolean exact = true;
    for (Known each : x) {
      exact &= each.error() == null;
      errors.add(errors(each));
    }
    return exact ? null : op.forward(errors).toDoubles();
  }

  static double[] sum(Primitive op, Known x, Rounding u) {
    double[] inherited = op.forward(List.of(errors(x))).toDoubles();
    double[] magnitude = op.forward(List.of(magnitude(x))).toDoubles();
    double[] terms = op.forward(List.of(ones(x))).toDoubles();
    for (int p = 0; p < inherited.length; p++) {
      // One term is not summed at all.
      inherited[p] += terms[p] > 1 ? terms[p] * u.uAcc() * magnitude[p] : 0;
    }
    return inherited;
  }

  static double[] product(Primitive op, Known a, Known b, Rounding u) {
    double[] error = op.forward(List.of(magnitude(a), magnitude(b))).toDoubles();
    double[] terms = op.forward(List.of(ones(a), ones(b))).toDoubles();
    for (int p = 0; p < error.length; p++) {
      error[p] *= terms[p] * u.uAcc();
    }
    if (b.error() != null) {
      add(error, op.forward(List.of(magnitude(a), errors(b))));
    }
    if (a.error() != null) {
      add(error, op.forward(List.of(errors(a), magnitude(b))));
      if (b.error() != null) {
        add(error, op.forward(List.of(errors(a), errors(b))));
      }
    }
    return error;
  }

  private static void add(double[] to, Tensor more) {
    for (int p = 0; p < to.length; p++) {
      to[p] += more.get(p);
    }
  }

  /** The errors of a value as a tensor. */
  static Tensor errors(Known x) {
    double[] errors = x.error();
    return errors == null
        ? Tensor.zeros(x.value().shape())
        : Tensor.adopt(x.value().shape(), errors);
  }

  /** |x|. */
  static Tensor magnitude(Known x) {
    return filled(x.value().shape(), p -> Math.abs(x.value().get(p)));
  }

  private static Tensor ones(Known x) {
    return filled(x.value().shape(), _ -> 1);
  }

  private static Tensor filled(Shape shape, IntToDoubleFunction values) {
    double[] filled = new double[shape.size()];
    Arrays.setAll(filled, values);
    return Tensor.adopt(shape, filled);
  }
}
