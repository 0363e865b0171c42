package dev.assay.gradcheck.bound;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.SequencedMap;

/**
 * How far a correct result of a class of precision may lie from the right one, element by element.
 *
 * <p>The bound of a result is found by walking the graph that the mechanism records around the fp64
 * engine: every op passes on the errors of its inputs and adds its own in the class's arithmetic;
 * the runs of plans have the bounds of {@link SoftmaxForward}, {@link SoftmaxBackward}, {@link
 * MergeForward}, {@link MergeBackward}, and those of features and recurrences. So a head gate, a
 * pooled key or a rotation composes with the attention around it without a line of its own.
 *
 * <p>Exponentials are bounded exactly; all other products of errors are left out and covered by the
 * factor {@link #KAPPA}: a product of two relative errors is at most the larger one times the
 * smaller one, and the smaller one is below 2^-6 in every class. In the class f64 what a result is
 * held against is off itself by as much as {@link Reference} says.
 *
 * <p>A bound is never NaN. It is infinite where scores overflow the class, so that nothing can be
 * asked, and 0 where the right value is infinite or NaN, which a result has to be too.
 *
 * <p>The bound is a proof for one set of assumptions about the arithmetic (its class), not for a
 * device: 'certified' it is only where it covers what {@code dev.assay.gradcheck.enclosure} proves.
 */
public final class Bounds {
  /** Factor for what first order leaves out. */
  public static final double KAPPA = 1 + 0x1p-6;

  /** What results are held against. */
  public enum Reference {
    /** The true value, rounded once: in class f64 the bound grows by 2^-53 of it. */
    PROVEN,
    /** A right result in binary64: in class f64 the bound is doubled. */
    COMPUTED
  }

  private Bounds() {}

  /**
   * Bounds of out, lse and the gradients of a case, by name, {@link #KAPPA} included.
   *
   * @param declared what the implementation openly does another way
   * @throws NoBoundException if the mechanism computes something that no bound is derived for
   */
  public static SequencedMap<String, Tensor> of(
      GoldenCase golden, PrecisionClass precision, Declared declared) {
    Evaluation evaluation =
        Evaluation.lower(golden.mechanism(), golden.inputs(), new ScalarEngine());
    return of(evaluation, precision, declared, Reference.PROVEN);
  }

  /** The same for an evaluation on the fp64 engine, whose own numbers are what is right. */
  public static SequencedMap<String, Tensor> of(
      Evaluation evaluation, PrecisionClass precision, Declared declared) {
    return of(evaluation, precision, declared, Reference.COMPUTED);
  }

  /** The same for an evaluation on the fp64 engine. */
  public static SequencedMap<String, Tensor> of(
      Evaluation evaluation, PrecisionClass precision, Declared declared, Reference reference) {
    SequencedMap<String, Var> results = new LinkedHashMap<>();
    results.put("out", evaluation.answer().out());
    Var lse = evaluation.answer().lse();
    if (lse != null) {
      results.put("lse", lse);
    }
    results.putAll(evaluation.gradients());
    return of(evaluation.tape(), results, precision, declared, reference);
  }

  /**
   * The same for named values on a tape that was recorded around the fp64 engine, whose own results
   * are what others are held against.
   */
  public static SequencedMap<String, Tensor> of(
      Tape tape, SequencedMap<String, Var> results, PrecisionClass precision, Declared declared) {
    return of(tape, results, precision, declared, Reference.COMPUTED);
  }

  private static SequencedMap<String, Tensor> of(
      Tape tape,
      SequencedMap<String, Var> results,
      PrecisionClass precision,
      Declared declared,
      Reference reference) {
    Rounding u = Rounding.of(precision, declared);
    TapeBounds known = new TapeBounds(tape, u, precision);
    boolean f64 = precision == PrecisionClass.F64;
    double factor = f64 && reference == Reference.COMPUTED ? 2 * KAPPA : KAPPA;
    double rounding = f64 && reference == Reference.PROVEN ? 0x1p-53 : 0;
    SequencedMap<String, Tensor> bounds = new LinkedHashMap<>();
    results.forEach((name, var) -> bounds.put(name, bound(known.of(var), factor, rounding)));
    return bounds;
  }

  private static Tensor bound(Known known, double factor, double rounding) {
    Tensor right = known.value();
    return Tensor.generate(
        right.shape(),
        p -> {
          double error = known.errorAt(p);
          boolean asked = Double.isFinite(right.get(p)) && error != 0;
          return asked ? factor * error + rounding * Math.abs(right.get(p)) : 0;
        });
  }
}
