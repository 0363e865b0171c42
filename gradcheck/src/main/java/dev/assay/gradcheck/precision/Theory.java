package dev.assay.gradcheck.precision;

import dev.assay.gradcheck.precision.Sweep.Axis;
import java.util.Optional;

/**
 * The slopes that theory gives a log-log plot of the error, where sums decide it.
 *
 * <p>A term of a sum takes part in g additions: n in the plain order, log2 n in pairs, b + n/b in
 * blocks of b, b + log2 n/b in a tree of blocks, and one where what was lost is carried along
 * (Higham, "Accuracy and stability of numerical algorithms", 2002, chapter 4). The worst signs of
 * all roundings add up to {@code g u}; signs that do not know of each other to {@code sqrt(g) u}
 * (Higham and Mary, "A new approach to probabilistic rounding error analysis", 2019). Cutting off
 * bits has one sign, so that {@code g u} is what happens. A logit is a sum over d channels of terms
 * of the size {@code 1/sqrt(d)}, of either sign: its worst case grows by {@code sqrt(d)} more.
 *
 * @param likely where rounding errors are independent, and of one sign if bits are cut off
 * @param worst where all errors have the worst sign
 */
public record Theory(double likely, double worst) {
  /** The slopes between the ends of a curve, if there is a law. */
  public static Optional<Theory> of(Curve curve) {
    boolean sums = curve.against() == Axis.N || curve.against() == Axis.D;
    double first = curve.points().getFirst().x();
    double last = curve.points().getLast().x();
    if (!sums || first == last) {
      return Optional.empty();
    }
    Machine machine = curve.machine();
    double growth = additions(machine, last) / additions(machine, first);
    double slope = StrictMath.log(growth) / StrictMath.log(last / first);
    double likely = machine.rule() == RoundingRule.ZERO ? slope : slope / 2;
    return Optional.of(new Theory(likely, slope + (curve.against() == Axis.D ? 0.5 : 0)));
  }

  /** In how many additions a term takes part at most, and its own rounding. */
  static double additions(Machine machine, double terms) {
    double inBlock = Math.min(terms, machine.block());
    double blocks = Math.max(1, terms / machine.block());
    return 1
        + switch (machine.summation()) {
          case NAIVE -> terms;
          case PAIRWISE -> log2(terms);
          case NEUMAIER -> 1;
          case BLOCKED -> inBlock + blocks;
          case TREE -> inBlock + log2(blocks);
        };
  }

  private static double log2(double x) {
    return StrictMath.log(x) / StrictMath.log(2);
  }
}
