package dev.assay.gradcheck.gate;

import dev.assay.check.Require;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/**
 * A result tensor held against its golden one, element by element.
 *
 * @param tensor its name: out, lse, dq ...
 * @param type in which the result was handed in
 * @param value the result
 * @param golden what is right
 * @param bound how far off each element may be; zeros where the golden values are exact
 * @param failures positions that fail gate G1, ascending
 * @param tightness largest error in units of the bound, over elements with a positive bound
 * @param rms root of the mean square of the same
 * @param measured how many elements those two are taken over
 * @param unbounded elements whose bound is infinite, so that nothing is asked of them
 */
public record Comparison(
    String tensor,
    DType type,
    Tensor value,
    Tensor golden,
    Tensor bound,
    int[] failures,
    double tightness,
    double rms,
    int measured,
    int unbounded) {

  /**
   * Compares.
   *
   * @throws IllegalArgumentException if the shapes differ
   */
  public static Comparison of(
      String tensor, DType type, Tensor value, Tensor golden, Tensor bound) {
    Require.argument(
        value.shape().equals(golden.shape()) && bound.shape().equals(golden.shape()),
        "%s has shape %s: %s is expected",
        tensor,
        value.shape(),
        golden.shape());
    List<Integer> failures = new ArrayList<>();
    double tightness = 0;
    double squares = 0;
    int measured = 0;
    int unbounded = 0;
    for (int p = 0; p < golden.size(); p++) {
      double limit = bound.get(p);
      if (!ElementGate.passes(value.get(p), golden.get(p), limit, type)) {
        failures.add(p);
      }
      if (limit == Double.POSITIVE_INFINITY) {
        unbounded++;
      } else if (limit > 0 && Double.isFinite(golden.get(p))) {
        double ratio = ElementGate.ratio(value.get(p), golden.get(p), limit);
        tightness = Math.max(tightness, ratio);
        squares += ratio * ratio;
        measured++;
      }
    }
    double rms = measured == 0 ? 0 : Math.sqrt(squares / measured);
    return new Comparison(
        tensor,
        type,
        value,
        golden,
        bound,
        failures.stream().mapToInt(Integer::intValue).toArray(),
        tightness,
        rms,
        measured,
        unbounded);
  }

  /** Whether every element passes. */
  public boolean passes() {
    return failures.length == 0;
  }

  /** The error of an element in units of its bound. */
  public double ratio(int position) {
    return ElementGate.ratio(value.get(position), golden.get(position), bound.get(position));
  }

  /**
   * The error of an element in units in the last place of the result's type at the golden value.
   */
  public double ulps(int position) {
    double exponent = Math.getExponent(Math.abs(golden.get(position)));
    double smallest = type == DType.F64 ? Double.MIN_EXPONENT : type == DType.F16 ? -14 : -126;
    double ulp = 2 * type.unitRoundoff() * Math.scalb(1.0, (int) Math.max(exponent, smallest));
    return Math.abs(value.get(position) - golden.get(position)) / ulp;
  }

  /** The failing positions of largest ratio, worst first, earlier ones first among equals. */
  public List<Integer> worst(int count) {
    List<Integer> all = new ArrayList<>();
    for (int position : failures) {
      all.add(position);
    }
    all.sort(Comparator.comparingDouble((Integer p) -> -ratio(p)));
    return all.subList(0, Math.min(count, all.size()));
  }
}
