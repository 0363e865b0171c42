package dev.assay.gradcheck.bound;

import dev.assay.autograd.Var;
import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.mechanism.Evaluation;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SequencedMap;

/**
 * What each kind of rounding adds to the bound of one element: the bound of an arithmetic in which
 * no other kind errs.
 */
public final class BoundTerms {
  private BoundTerms() {}

  /**
   * The terms by what rounds, with {@link Bounds#KAPPA}; terms of 0 are left out. Their sum is the
   * bound but for products of errors, and for the larger of two ways to get D.
   *
   * @param tensor out, lse or a gradient of the case
   * @param position row-major
   */
  public static SequencedMap<String, Double> of(
      GoldenCase golden, PrecisionClass precision, String tensor, int position) {
    Evaluation run = Evaluation.lower(golden.mechanism(), golden.inputs(), new ScalarEngine());
    Var result = result(run, tensor);
    Rounding none = Rounding.NONE;
    Rounding all = Rounding.of(precision, Declared.NOTHING);
    Element element =
        kinds ->
            Bounds.KAPPA
                * new TapeBounds(run.tape(), kinds, precision).of(result).errorAt(position);
    double constants = element.bound(none);
    double scores = element.bound(only(all, all.uS(), 0, 0, 0, 0, 0));
    SequencedMap<String, Double> terms = new LinkedHashMap<>();
    terms.put("scores, in products and exponents (uS)", scores - constants);
    double exponential = element.bound(exponential(all));
    terms.put("exponentials (expUlp)", exponential - scores);
    terms.put(
        "weights that multiply values (uP)",
        element.bound(only(all, 0, all.uP(), 0, 0, 0, 0)) - constants);
    terms.put(
        "sums over keys or queries (uAcc)",
        element.bound(only(all, 0, 0, 0, 0, all.uAcc(), 0)) - constants);
    terms.put(
        "score gradients that multiply keys or queries (uDS)",
        element.bound(only(all, 0, 0, 0, all.uDS(), 0, 0)) - constants);
    terms.put(
        "results as they are stored (uO)",
        element.bound(only(all, 0, 0, all.uO(), 0, 0, 0)) - constants);
    terms.put("underflow", element.bound(only(all, 0, 0, 0, 0, 0, 1)) - constants);
    terms.put("constants that the storage does not hold", constants);
    terms.values().removeIf(term -> term == 0);
    return terms;
  }

  /** The bound of the element where these kinds of rounding err. */
  private interface Element {
    double bound(Rounding kinds);
  }

  private static Var result(Evaluation run, String tensor) {
    Var lse = run.answer().lse();
    Map<String, Var> gradients = run.gradients();
    Var found =
        tensor.equals("out")
            ? run.answer().out()
            : tensor.equals("lse") ? lse : gradients.get(tensor);
    if (found == null) {
      throw new IllegalArgumentException("the case has no result " + tensor);
    }
    return found;
  }

  private static Rounding only(
      Rounding of, double uS, double uP, double uO, double uDS, double uAcc, double tiny) {
    return new Rounding(
        uS,
        uP,
        uO,
        uDS,
        uAcc,
        0,
        tiny * of.tinyO(),
        tiny * of.tinyP(),
        tiny * of.tinyS(),
        of.hugeS(),
        0,
        false);
  }

  private static Rounding exponential(Rounding of) {
    return new Rounding(of.uS(), 0, 0, 0, 0, of.expUlp(), 0, 0, 0, of.hugeS(), 0, false);
  }
}
