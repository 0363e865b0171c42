package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.Arrays;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class DefineAgainstLowerTest {
  private static final Tolerance ROUNDING =
      new Tolerance(
          1e-14, 1e-12, "both are fp64; rows have fewer than 32 terms, in another association");

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.assay.catalog.CatalogCases#small")
  void engine_and_ops_agree_on_every_result_and_gradient(String name, Case problem) {
    Map<String, Tensor> tensors = problem.tensors();
    Map<String, Tensor> defined = Evaluation.define(problem.mechanism(), tensors).results();
    Map<String, Tensor> lowered =
        Evaluation.lower(problem.mechanism(), tensors, new ScalarEngine()).results();
    Results.assertClose(defined, lowered, ROUNDING);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.assay.catalog.CatalogCases#small")
  void nan_in_an_unused_place_of_a_case_reaches_no_result(String name, Case problem) {
    Evaluation.define(problem.mechanism(), problem.tensors())
        .results()
        .forEach(
            (result, tensor) ->
                assertTrue(
                    Arrays.stream(tensor.toDoubles()).noneMatch(Double::isNaN),
                    () -> result + " holds NaN"));
  }
}
