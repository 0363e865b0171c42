package dev.assay.gradcheck.bound;

import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.tensor.DType;

/**
 * The constants of a {@link PrecisionClass}, under the names that the formulas use, with what lies
 * at the lower end of its types.
 *
 * <p>Below the smallest normal number a result is no longer accurate to a fraction of itself. A
 * class may flush such numbers to zero (fp32, bfloat16: hardware does) or keep subnormals
 * (binary16: tensor units do), so what it may lose there is an absolute amount: the tiny numbers
 * here.
 *
 * @param uS unit roundoff of scores and exponents
 * @param uP unit roundoff of the probabilities that multiply values
 * @param uO unit roundoff of stored results
 * @param uDS unit roundoff of the score gradients that multiply keys and queries
 * @param uAcc unit roundoff of sums over keys and over queries
 * @param expUlp error of the exponential in units of uS
 * @param tinyO what storing a result may lose by underflow
 * @param tinyP what rounding a probability may lose by underflow
 * @param tinyS what a product or a sum may lose by underflow
 * @param hugeS from here on scores overflow
 * @param scaledQuery uO if queries are declared to be multiplied by the scale and stored before
 *     they meet the keys, else 0
 * @param joinByLse whether parts of a row are declared to be joined by their log-sum-exps
 */
public record Rounding(
    double uS,
    double uP,
    double uO,
    double uDS,
    double uAcc,
    double expUlp,
    double tinyO,
    double tinyP,
    double tinyS,
    double hugeS,
    double scaledQuery,
    boolean joinByLse) {

  /** An arithmetic without errors. */
  static final Rounding NONE =
      new Rounding(0, 0, 0, 0, 0, 0, 0, 0, 0, Double.POSITIVE_INFINITY, 0, false);

  /** Those of a class. */
  public static Rounding of(PrecisionClass precision, Declared declared) {
    DType sums = precision.uAcc() < DType.F32.unitRoundoff() ? DType.F64 : DType.F32;
    return new Rounding(
        precision.uS(),
        precision.uP(),
        precision.uO(),
        precision.uDS(),
        precision.uAcc(),
        precision.expUlp(),
        tiny(precision.storage()),
        tiny(precision.storage()),
        tiny(sums),
        sums == DType.F64 ? Double.MAX_VALUE : Float.MAX_VALUE,
        declared.scaleInQuery() ? precision.uO() : 0,
        declared.joinByLse());
  }

  /** The smallest normal number, or for binary16 the smallest subnormal one. */
  static double tiny(DType type) {
    return switch (type) {
      case F64 -> Double.MIN_NORMAL;
      case F16 -> 0x1p-24;
      default -> Float.MIN_NORMAL;
    };
  }
}
