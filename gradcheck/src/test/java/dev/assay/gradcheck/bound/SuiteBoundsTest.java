package dev.assay.gradcheck.bound;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Evaluation;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** The bounds of the whole suite say something of every element, in every class. */
class SuiteBoundsTest {
  @Test
  void no_bound_of_the_suite_is_missing_or_infinite() throws IOException {
    List<GoldenCase> cases =
        Suite.load().cases().stream().filter(one -> one.refuseCode() == null).toList();
    TreeSet<String> without =
        new TreeSet<>(cases.parallelStream().flatMap(SuiteBoundsTest::unbounded).toList());
    assertTrue(cases.size() > 100, cases.size() + " cases");
    assertEquals(new TreeSet<String>(), without);
  }

  private static Stream<String> unbounded(GoldenCase golden) {
    Evaluation run = Evaluation.lower(golden.mechanism(), golden.inputs(), new ScalarEngine());
    return golden.classes().stream()
        .flatMap(
            id ->
                Bounds.of(run, PrecisionClass.find(id), Declared.NOTHING, Bounds.Reference.PROVEN)
                    .entrySet()
                    .stream()
                    .filter(
                        e ->
                            Arrays.stream(e.getValue().toDoubles())
                                .anyMatch(bound -> !Double.isFinite(bound)))
                    .map(e -> golden.name() + " " + id + " " + e.getKey()));
  }
}
