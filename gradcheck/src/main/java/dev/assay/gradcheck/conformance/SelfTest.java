package dev.assay.gradcheck.conformance;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.Comparator;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Optional;

/**
 * A short test of the judge before it judges: on the smallest case of every family the fp64 engine
 * agrees with the golden values, and a value moved out of its bound, or made NaN, is noticed. That
 * no file of the suite was changed is checked when it is read.
 */
public final class SelfTest {
  private SelfTest() {}

  /** What is wrong, in a sentence; empty if nothing is. */
  public static Optional<String> of(Suite suite) {
    Map<String, GoldenCase> smallest = new LinkedHashMap<>();
    suite.cases().stream()
        .filter(golden -> golden.result() == Expectation.VALID)
        .sorted(Comparator.comparingInt(SelfTest::size))
        .forEach(golden -> smallest.putIfAbsent(golden.family(), golden));
    return smallest.values().parallelStream()
        .map(SelfTest::of)
        .flatMap(Optional::stream)
        .findFirst();
  }

  private static int size(GoldenCase golden) {
    return golden.inputs().values().stream().mapToInt(Tensor::size).sum();
  }

  private static Optional<String> of(GoldenCase golden) {
    Evaluation evaluation =
        Evaluation.lower(golden.mechanism(), golden.inputs(), new ScalarEngine());
    Map<String, Tensor> bounds =
        Bounds.of(evaluation, PrecisionClass.F64, Declared.NOTHING, Bounds.Reference.PROVEN);
    Map<String, Tensor> results = evaluation.results();
    for (Map.Entry<String, Tensor> bound : bounds.entrySet()) {
      String name = bound.getKey();
      Tensor expected = golden.expect().get(name);
      Tensor value = results.get(name);
      if (expected == null || value == null) {
        return Optional.of(
            "case %s and the fp64 engine differ in %s".formatted(golden.name(), name));
      }
      if (!compare(name, value, expected, bound.getValue()).passes()) {
        return Optional.of(
            "the fp64 engine is outside its bounds in %s of case %s"
                .formatted(name, golden.name()));
      }
      String blind = blind(name, expected, bound.getValue());
      if (!blind.isEmpty()) {
        return Optional.of(blind + " in case " + golden.name());
      }
    }
    return Optional.empty();
  }

  private static Comparison compare(String name, Tensor value, Tensor expected, Tensor bound) {
    return Comparison.of(name, DType.F64, value, expected, bound);
  }

  /** Which wrong value the comparison does not see; empty if it sees all. */
  private static String blind(String name, Tensor expected, Tensor bound) {
    for (int p = 0; p < expected.size(); p++) {
      double right = expected.get(p);
      // An element without a bound lets everything pass.
      if (Double.isFinite(right) && Double.isFinite(bound.get(p))) {
        double off = right + 2 * bound.get(p) + 4 * Math.ulp(right);
        if (compare(name, with(expected, p, off), expected, bound).passes()) {
          return "a value outside its bound passes in " + name;
        }
        if (compare(name, with(expected, p, Double.NaN), expected, bound).passes()) {
          return "NaN passes in " + name;
        }
        return "";
      }
    }
    return "";
  }

  private static Tensor with(Tensor tensor, int position, double value) {
    return Tensor.generate(tensor.shape(), p -> p == position ? value : tensor.get(p));
  }
}
