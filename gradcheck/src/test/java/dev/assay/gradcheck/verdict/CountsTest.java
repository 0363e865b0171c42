package dev.assay.gradcheck.verdict;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.gate.GateLine;
import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.guess.Failure;
import dev.assay.gradcheck.guess.Oracle;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is counted where: histograms, heat maps, gates that fail anew. */
class CountsTest {
  private static Histogram histogram(double error) {
    Tensor golden = Tensor.of(Shape.of(1), 1);
    Tensor value = Tensor.of(Shape.of(1), 1 + error);
    return Histogram.of(
        Comparison.of("out", DType.F64, value, golden, Tensor.of(Shape.of(1), 0x1p-40)));
  }

  private static int only(int[] bins) {
    int at = -1;
    for (int bin = 0; bin < bins.length; bin++) {
      if (bins[bin] > 0) {
        assertEquals(-1, at, "more than one bin");
        at = bin;
      }
    }
    return at;
  }

  @Test
  void an_error_of_the_bound_itself_is_in_the_bin_of_two_to_the_zeroth() {
    assertEquals(-Histogram.LOWEST, only(histogram(0x1p-40).bound()));
    assertEquals(-Histogram.LOWEST - 1, only(histogram(0x1p-41).bound()));
    assertEquals(-Histogram.LOWEST + 1, only(histogram(0x1p-39).bound()));
  }

  @Test
  void small_errors_share_the_first_bin_and_huge_ones_and_nan_the_last() {
    int last = histogram(0).bound().length - 1;
    assertEquals(0, only(histogram(0x1p-52).bound()));
    assertEquals(last, only(histogram(0x1p-31).bound()));
    assertEquals(last, only(histogram(Double.NaN).bound()));
    assertEquals(last - 1, only(histogram(0x1p-32).bound()));
  }

  @Test
  void units_in_the_last_place_have_a_bin_for_none_for_less_than_one_and_for_each_power() {
    assertEquals(0, only(histogram(0).ulps()));
    assertEquals(2, only(histogram(0x1p-52).ulps()));
    assertEquals(3, only(histogram(0x1p-51).ulps()));
    assertEquals(2 + 16, only(histogram(0x1p-36).ulps()));
    assertEquals(2 + 17, only(histogram(0x1p-35).ulps()));
  }

  @Test
  void a_failure_is_counted_in_the_block_of_its_token() throws IOException {
    GoldenCase golden = Suite.load().find("grid/causal-65-64");
    Tensor right = golden.expect().getOrDefault("out", Tensor.scalar(0));
    int width = right.shape().extent(-1);
    Tensor wrong =
        Tensor.generate(
            right.shape(), p -> right.get(p) + (p / width == 16 || p / width == 64 ? 1 : 0));
    Comparison compared =
        Comparison.of("out", DType.F32, wrong, right, Tensor.full(right.shape(), 1e-3));
    HeatMap map = HeatMap.of(Failure.of(golden, compared, new Oracle(golden)));
    assertArrayEquals(new int[] {0, width, 0, 0, width}, map.rows().getFirst().failing());
    assertArrayEquals(
        new int[] {16 * width, 16 * width, 16 * width, 16 * width, width}, map.elements());
  }

  private static RunVerdict run(Outcome outcome) {
    GateLine line = new GateLine("G2", "out", outcome, "text");
    return new RunVerdict(
        "suite",
        List.of(new SubjectVerdict("mine", PrecisionClass.F32_FLASH, "", List.of(), List.of(line))),
        List.of(),
        List.of());
  }

  @Test
  void a_gate_that_fails_now_and_did_not_before_is_told() {
    assertEquals(1, VerdictDiff.gates(run(Outcome.PASS), run(Outcome.FAIL)).size());
    assertEquals(1, VerdictDiff.gates(run(Outcome.NOT_ENOUGH), run(Outcome.FAIL)).size());
    assertTrue(VerdictDiff.gates(run(Outcome.FAIL), run(Outcome.FAIL)).isEmpty());
    assertTrue(VerdictDiff.gates(run(Outcome.FAIL), run(Outcome.PASS)).isEmpty());
  }
}
