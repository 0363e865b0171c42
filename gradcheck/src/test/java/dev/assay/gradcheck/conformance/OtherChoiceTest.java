package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.mechanism.Evaluation;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Where scores nearly tie, every right choice passes with its own output, and nothing else. */
class OtherChoiceTest {
  private static final String NEAR = "selection/routing-near-tie";

  @TempDir private Path folder;

  private CaseVerdict verdict(String name, PrecisionClass precision, Map<String, Tensor> results)
      throws IOException {
    HandedIn set = new HandedIn(folder, precision).put(name, results);
    return set.verify(name).subjects().getFirst().cases().getFirst();
  }

  /** What comes of choosing these blocks, one for each of the four queries. */
  private static Map<String, Tensor> choosing(String name, int... blocks) {
    GoldenCase golden = HandedIn.SUITE.find(name);
    Tensor idx = Objects.requireNonNull(golden.expect().get("idx"));
    Tensor other = Tensor.generate(idx.shape(), p -> blocks[p]);
    Map<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    inputs.put("idx", other);
    return new LinkedHashMap<>(Evaluation.define(golden.mechanism(), inputs).results());
  }

  @Test
  void the_choice_of_the_suite_passes() throws IOException {
    assertEquals(
        Status.PASSED,
        verdict(NEAR, PrecisionClass.F32_FLASH, choosing(NEAR, 1, 2, 1, 2)).status());
  }

  @Test
  void another_right_choice_passes_with_its_own_output() throws IOException {
    for (int[] right : new int[][] {{0, 2, 0, 2}, {0, 2, 1, 2}, {1, 2, 0, 2}}) {
      assertEquals(
          Status.PASSED, verdict(NEAR, PrecisionClass.F32_FLASH, choosing(NEAR, right)).status());
    }
  }

  @Test
  void another_right_choice_with_the_output_of_the_first_fails() throws IOException {
    Map<String, Tensor> mixed = choosing(NEAR, 0, 2, 0, 2);
    mixed.put("out", Objects.requireNonNull(HandedIn.SUITE.find(NEAR).expect().get("out")));
    assertEquals(Status.FAILED, verdict(NEAR, PrecisionClass.F32_FLASH, mixed).status());
  }

  @Test
  void a_choice_that_rounding_does_not_excuse_fails() throws IOException {
    CaseVerdict wrong = verdict(NEAR, PrecisionClass.F32_FLASH, choosing(NEAR, 1, 0, 1, 2));
    assertEquals(Status.FAILED, wrong.status());
    assertTrue(wrong.toString().contains("idx"), wrong.toString());
  }

  @Test
  void a_class_of_more_bits_does_not_excuse_what_one_of_fewer_does() throws IOException {
    Map<String, Tensor> other = choosing(NEAR, 0, 2, 0, 2);
    assertEquals(Status.FAILED, verdict(NEAR, PrecisionClass.F64, other).status());
    String coarse = "selection/routing-near-tie-bf16";
    Map<String, Tensor> coarser = choosing(coarse, 0, 2, 0, 2);
    assertEquals(Status.PASSED, verdict(coarse, PrecisionClass.BF16_FLASH, coarser).status());
    assertEquals(Status.FAILED, verdict(coarse, PrecisionClass.F32_FLASH, coarser).status());
  }

  @Test
  void given_scores_and_exact_ones_excuse_nothing() throws IOException {
    String given = "selection/one-ulp-apart";
    assertEquals(
        Status.FAILED,
        verdict(given, PrecisionClass.F32_FLASH, choosing(given, 0, 0, 0, 0)).status());
    String exact = "selection/routing-twin-blocks";
    Map<String, Tensor> higher = HandedIn.right(exact);
    higher.computeIfPresent(
        "idx", (_, idx) -> HandedIn.changed(idx, (_, block) -> block < 2 ? block + 2 : block));
    assertEquals(Status.FAILED, verdict(exact, PrecisionClass.F32_FLASH, higher).status());
  }

  @Test
  void a_list_that_descends_or_repeats_is_no_right_choice() throws IOException {
    String two = "selection/duplicate-scores";
    Map<String, Tensor> turned = HandedIn.right(two);
    turned.computeIfPresent(
        "idx",
        (_, idx) -> HandedIn.changed(idx, (at, _) -> idx.at(at[0], at[1], at[2], 1 - at[3])));
    assertEquals(Status.FAILED, verdict(two, PrecisionClass.F32_FLASH, turned).status());
  }
}
