package dev.assay.gradcheck.gate;

import dev.assay.tensor.DType;

/**
 * Gate G1, for one number against one golden number: {@code |value - golden| <= bound}.
 *
 * <p>NaN agrees with NaN only, whatever its payload; an infinity with itself only, except that a
 * value may overflow where its type cannot hold golden + bound; -0 equals +0. An infinite bound
 * says that the scores overflow the class: there whatever comes passes, NaN too. Otherwise written
 * so that whatever compares as unordered fails: a NaN value against a finite golden number, and a
 * finite golden number whose bound is NaN.
 */
public final class ElementGate {
  private ElementGate() {}

  /**
   * Whether the value passes.
   *
   * @param type in which the value was handed in
   */
  public static boolean passes(double value, double golden, double bound, DType type) {
    if (bound == Double.POSITIVE_INFINITY) {
      return true;
    }
    if (Double.isNaN(golden)) {
      return Double.isNaN(value);
    }
    if (Double.isInfinite(golden)) {
      return value == golden;
    }
    if (Double.isInfinite(value)) {
      double reach = type.round(Math.abs(golden) + bound);
      return Double.isInfinite(reach) && Math.signum(value) == Math.signum(golden);
    }
    return Math.abs(value - golden) <= bound;
  }

  /**
   * The error in units of the bound: 0 where value and golden agree (also as NaN or infinity) or
   * where there is no bound, infinite where nothing finite can be said.
   */
  public static double ratio(double value, double golden, double bound) {
    boolean agree = value == golden || (Double.isNaN(value) && Double.isNaN(golden));
    if (agree || bound == Double.POSITIVE_INFINITY) {
      return 0;
    }
    double ratio = Math.abs(value - golden) / bound;
    return Double.isNaN(ratio) ? Double.POSITIVE_INFINITY : ratio;
  }
}
