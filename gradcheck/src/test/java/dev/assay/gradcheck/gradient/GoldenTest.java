package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.Expectation;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;

/** Gradients of today against those of a golden file. */
class GoldenTest {
  private static Tally run(Consumer<SequencedMap<String, Tensor>> change) {
    Case one = SmallCases.causal();
    SequencedMap<String, Tensor> expect =
        new LinkedHashMap<>(Evaluation.define(one.mechanism(), one.tensors()).results());
    change.accept(expect);
    GoldenCase golden =
        new GoldenCase(
            one.id(),
            "test",
            "test/" + one.name(),
            List.of("flag"),
            "none",
            "a test",
            List.of(),
            one.mechanism(),
            one.dtype(),
            one.tensors(),
            expect,
            List.of(),
            null,
            List.of("f64"),
            Expectation.VALID,
            null,
            null);
    return GradientChecks.quick().of(golden).tally();
  }

  @Test
  void the_same_gradients_pass() {
    Tally tally = run(expect -> {});
    assertEquals(7 * 4 * 4 + 2 * 5 * 4 + 2 * 5 * 3, tally.checked());
    assertEquals(0, tally.failed());
  }

  @Test
  void one_golden_element_that_differs_in_the_tenth_digit_is_found() {
    Tally tally =
        run(
            expect ->
                expect.computeIfPresent(
                    "dk",
                    (_, dk) ->
                        Tensor.generate(
                            dk.shape(), p -> p == 13 ? dk.get(p) * (1 + 1e-10) : dk.get(p))));
    assertEquals(1, tally.failed());
    assertEquals("dk[0, 0, 3, 1]", tally.mismatches().getFirst().what());
  }

  @Test
  void a_gradient_that_the_file_lacks_is_skipped_visibly() {
    Tally tally = run(expect -> expect.remove("dv"));
    assertEquals(1, tally.skipped());
    assertTrue(tally.remarks().getFirst().contains("no dv"));
  }
}
