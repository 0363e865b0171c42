package dev.assay.gradcheck.bound;

import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.RankedChoice;
import dev.assay.mechanism.RankedChoice.ScoreError;

/**
 * How far the scores of a choice may lie from the true ones in a class: {@code e = (terms uS + 2
 * uP) size}, where size is the sum of the absolute products. Each of the terms is one rounding of a
 * sum or a product; pooled keys and finished scores may each be stored once in the type of the
 * class. As all bounds it is multiplied by {@link Bounds#KAPPA}, and in class f64 doubled, for the
 * scores that it is held against are computed in fp64.
 */
public final class ScoreErrors {
  private ScoreErrors() {}

  /** The error of a score from its size; 0 everywhere for a choice that no rounding can change. */
  public static ScoreError of(RankedChoice choice, PrecisionClass precision, boolean exact) {
    double unit = choice.terms() * precision.uS() + 2 * precision.uP();
    double own = precision == PrecisionClass.F64 ? 2 : 1;
    double relative = exact ? 0 : Bounds.KAPPA * own * unit;
    return size -> relative * size;
  }
}
