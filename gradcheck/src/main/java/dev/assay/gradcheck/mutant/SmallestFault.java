package dev.assay.gradcheck.mutant;

import dev.assay.gradcheck.conformance.Alarms;
import dev.assay.gradcheck.conformance.Progress;
import dev.assay.gradcheck.gate.BiasGate;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.gate.GateShare;
import dev.assay.gradcheck.golden.GoldenWriter;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.function.Predicate;
import java.util.stream.IntStream;

/**
 * The smallest relative fault of a stage that the core of the suite finds, by bisection over
 * fractions {@code 2^(-e/2)}: gate G1 if some element with a bound leaves it in some case, gate G2
 * if some tensor leans over all cases together. Results that must be exact are left out, for there
 * any fault shows. A fault that is twice as large is taken to be found if the smaller one is.
 */
public final class SmallestFault {
  /** The finest fraction that is tried is 2^(-FINEST/2): the unit roundoff of fp32. */
  private static final int FINEST = 48;

  /**
   * What was found.
   *
   * @param stage that is wrong
   * @param precision class of the kernel
   * @param element smallest fraction that gate G1 finds, empty if not even all of it is found
   * @param bias the same of gate G2
   */
  public record Found(
      FaultStage stage, PrecisionClass precision, OptionalDouble element, OptionalDouble bias) {}

  private record Seen(boolean element, boolean bias) {}

  private final List<Alarms> cases;

  /** Over the core of a suite. */
  public SmallestFault(Suite suite) {
    this.cases =
        suite.cases().stream()
            .filter(one -> one.result() == Expectation.VALID)
            .filter(one -> GoldenWriter.isOfCore(one.family()))
            .map(Alarms::of)
            .toList();
  }

  private static List<PrecisionClass> classes() {
    return List.of(PrecisionClass.F32_FLASH, PrecisionClass.BF16_FLASH, PrecisionClass.FP16_FLASH);
  }

  /** How many stages and classes progress is told of. */
  public int steps() {
    return classes().size() * FaultStage.values().length;
  }

  /** All stages in all classes. */
  public List<Found> run(Progress progress) {
    List<Found> all = new ArrayList<>();
    for (PrecisionClass precision : classes()) {
      List<Alarms> own =
          cases.stream().filter(one -> one.golden().classes().contains(precision.id())).toList();
      for (FaultStage stage : FaultStage.values()) {
        Map<Integer, Seen> seen = new HashMap<>();
        all.add(
            new Found(
                stage,
                precision,
                least(e -> look(own, stage, precision, e, seen).element()),
                least(e -> look(own, stage, precision, e, seen).bias())));
        progress.step(stage.title());
      }
    }
    return all;
  }

  private static OptionalDouble least(Predicate<Integer> found) {
    if (!found.test(0)) {
      return OptionalDouble.empty();
    }
    int coarse = 0;
    int fine = FINEST + 1;
    while (fine - coarse > 1) {
      int middle = (coarse + fine) / 2;
      if (found.test(middle)) {
        coarse = middle;
      } else {
        fine = middle;
      }
    }
    return OptionalDouble.of(fraction(coarse));
  }

  private static double fraction(int e) {
    return StrictMath.pow(2, -e / 2.0);
  }

  private static Seen look(
      List<Alarms> cases,
      FaultStage stage,
      PrecisionClass precision,
      int e,
      Map<Integer, Seen> seen) {
    return seen.computeIfAbsent(e, _ -> run(cases, stage, precision, fraction(e)));
  }

  private static Seen run(
      List<Alarms> cases, FaultStage stage, PrecisionClass precision, double fraction) {
    PlainKernel kernel =
        new PlainKernel(stage.title(), stage.off(fraction), Form.USUAL.in(precision));
    List<List<Comparison>> compared =
        cases.parallelStream().map(alarms -> alarms.compared(kernel)).toList();
    BiasGate gate = new BiasGate(precision);
    boolean element = false;
    for (int c = 0; c < cases.size(); c++) {
      GoldenCase golden = cases.get(c).golden();
      gate.add(golden, compared.get(c).stream().map(each -> GateShare.of(golden, each)).toList());
      element |= compared.get(c).stream().anyMatch(SmallestFault::leaves);
    }
    boolean bias = gate.lines().stream().anyMatch(line -> line.outcome() == Outcome.FAIL);
    return new Seen(element, bias);
  }

  private static boolean leaves(Comparison compared) {
    return IntStream.of(compared.failures()).anyMatch(p -> compared.bound().get(p) > 0);
  }
}
