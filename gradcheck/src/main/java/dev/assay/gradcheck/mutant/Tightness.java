package dev.assay.gradcheck.mutant;

import dev.assay.engine.Engine;
import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.mutant.Form.Order;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.IntStream;

/**
 * How much room the bounds leave to right kernels.
 *
 * <p>The looseness of a row of a tensor (its last axis; each number of a log-sum-exp is one) is the
 * least of bound over error, over its elements and over all right kernels of the class that are run
 * here: other orders of summation, tiles and splits, an exponential that errs by all that the class
 * allows, and engines. The least, since an element whose error happens to be small says nothing of
 * its bound. A row in which no kernel errs anywhere is silent: it is counted apart, as are rows
 * that have no bound or must be exact, which are left out.
 */
public final class Tightness {
  /**
   * Looseness over the rows of one tensor of one case in one class.
   *
   * @param name family and case
   * @param precision class
   * @param tensor out, lse, dq ...
   * @param loose of every row that is not silent, ascending
   * @param silent rows in which no kernel errs
   */
  public record Entry(
      String name, PrecisionClass precision, String tensor, double[] loose, int silent) {
    /** Looseness of the tensor as a whole: bound over error where it is least; NaN if silent. */
    public double least() {
      return loose.length == 0 ? Double.NaN : loose[0];
    }
  }

  private final Suite suite;
  private final List<Engine> engines = new ArrayList<>();

  /** The plain kernel in its forms, and engines that are held for right. */
  public Tightness(Suite suite, List<Engine> others) {
    this.suite = suite;
    for (PrecisionClass precision : PrecisionClass.values()) {
      if (precision != PrecisionClass.F64) {
        forms(precision).forEach(form -> engines.add(PlainKernel.right(form)));
        Form rough = Form.USUAL.in(precision);
        engines.add(new PlainKernel("rough " + precision.id(), RoughExp.LINES, rough));
      }
    }
    engines.addAll(others);
  }

  private static List<Form> forms(PrecisionClass precision) {
    List<Form> forms = new ArrayList<>();
    for (Order order : Order.values()) {
      forms.add(new Form(precision, 8, order, 1, 1));
      forms.add(new Form(precision, 16, order, 3, 1));
      forms.add(new Form(precision, 64, order, 2, 1));
    }
    return forms;
  }

  /** How many kernels there are. */
  public int kernels() {
    return engines.size();
  }

  /** The cases that are run. */
  public List<GoldenCase> cases() {
    return suite.cases().stream().filter(one -> one.result() == Expectation.VALID).toList();
  }

  /** Every tensor of every case that some kernel does, in the order of the suite. */
  public List<Entry> run(Progress progress) {
    return cases().parallelStream()
        .map(
            golden -> {
              List<Entry> entries = of(golden);
              progress.step(golden.name());
              return entries;
            })
        .flatMap(List::stream)
        .toList();
  }

  private List<Entry> of(GoldenCase golden) {
    Alarms alarms = Alarms.of(golden);
    Map<PrecisionClass, Map<String, List<Comparison>>> found = new LinkedHashMap<>();
    for (Engine engine : engines) {
      PrecisionClass precision = PrecisionClass.find(engine.precisionClass());
      for (Comparison each : alarms.compared(engine)) {
        found
            .computeIfAbsent(precision, _ -> new LinkedHashMap<>())
            .computeIfAbsent(each.tensor(), _ -> new ArrayList<>())
            .add(each);
      }
    }
    List<Entry> entries = new ArrayList<>();
    found.forEach(
        (precision, tensors) ->
            tensors.forEach(
                (tensor, all) -> {
                  double[] used = used(all);
                  double[] loose =
                      Arrays.stream(used).filter(x -> x > 0).map(x -> 1 / x).sorted().toArray();
                  if (used.length > 0) {
                    int silent = used.length - loose.length;
                    entries.add(new Entry(golden.name(), precision, tensor, loose, silent));
                  }
                }));
    return entries;
  }

  /** The largest error over bound of each row that has a bound. */
  private static double[] used(List<Comparison> all) {
    Comparison first = all.getFirst();
    Shape shape = first.golden().shape();
    boolean single = first.tensor().equals("lse") || shape.rank() == 0;
    int width = single ? 1 : Math.max(1, shape.extent(-1));
    return IntStream.range(0, shape.size() / width)
        .mapToDouble(row -> used(all, row * width, width))
        .filter(used -> used >= 0)
        .toArray();
  }

  private static double used(List<Comparison> all, int from, int width) {
    double used = -1;
    for (int p = from; p < from + width; p++) {
      double bound = all.getFirst().bound().get(p);
      if (bound > 0 && Double.isFinite(bound) && Double.isFinite(all.getFirst().golden().get(p))) {
        for (Comparison each : all) {
          used = Math.max(used, each.ratio(p));
        }
      }
    }
    return used;
  }

  /** The fraction q of sorted numbers lies at or below it; NaN of none. */
  public static double quantile(double[] sorted, double q) {
    return sorted.length == 0
        ? Double.NaN
        : sorted[Math.max(0, (int) Math.ceil(q * sorted.length) - 1)];
  }
}
