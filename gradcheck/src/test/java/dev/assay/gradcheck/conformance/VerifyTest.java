package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.RunVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What may be handed in, what may be left out, and what cannot be judged. */
class VerifyTest {
  private static final String CASE = "basic/causal-f32";
  private static final double LN2 = StrictMath.log(2);

  @TempDir private Path folder;

  private HandedIn handedIn() {
    return new HandedIn(folder, PrecisionClass.F32_FLASH);
  }

  private static CaseVerdict only(RunVerdict run) {
    return run.subjects().getFirst().cases().getFirst();
  }

  private static void malformed(String because, CaseVerdict verdict) {
    assertEquals(Status.MALFORMED, verdict.status());
    assertTrue(verdict.reason().contains(because), verdict.reason());
  }

  @Test
  void a_case_without_a_file_is_not_attempted_and_nothing_was_run() throws IOException {
    RunVerdict run = handedIn().verify(CASE);
    assertEquals(Status.NOT_ATTEMPTED, only(run).status());
    assertTrue(run.nothingRun());
    assertFalse(run.failed());
  }

  @Test
  void a_case_without_a_file_fails_a_complete_set() throws IOException {
    List<GoldenCase> two =
        List.of(HandedIn.SUITE.find(CASE), HandedIn.SUITE.find("basic/dense-f32"));
    HandedIn set = handedIn().put(CASE, HandedIn.right(CASE));
    assertFalse(set.verify(two, Map.of(), false).failed());
    assertTrue(set.verify(two, Map.of(), true).failed());
  }

  @Test
  void a_complete_set_needs_no_case_that_the_class_cannot_hold() throws IOException {
    List<GoldenCase> two =
        List.of(HandedIn.SUITE.find(CASE), HandedIn.SUITE.find("basic/dense-f64"));
    RunVerdict run = handedIn().put(CASE, HandedIn.right(CASE)).verify(two, Map.of(), true);
    assertFalse(run.failed());
    assertEquals(1, run.subjects().getFirst().count(Status.NOT_SUPPORTED));
  }

  @Test
  void gradients_and_lse_may_be_left_out_and_are_counted() throws IOException {
    Map<String, Tensor> forward = HandedIn.right(CASE);
    forward.keySet().retainAll(List.of("out"));
    CaseVerdict verdict = only(handedIn().put(CASE, forward).verify(CASE));
    assertEquals(Status.PASSED, verdict.status());
    assertEquals(4, verdict.unsupported().size());
  }

  @Test
  void one_gradient_alone_is_a_missing_tensor() throws IOException {
    Map<String, Tensor> some = HandedIn.right(CASE);
    some.remove("dv");
    malformed("tensor dv is missing", only(handedIn().put(CASE, some).verify(CASE)));
  }

  @Test
  void the_output_may_not_be_left_out() throws IOException {
    Map<String, Tensor> some = HandedIn.right(CASE);
    some.remove("out");
    malformed("tensor out is missing", only(handedIn().put(CASE, some).verify(CASE)));
  }

  @Test
  void another_shape_cannot_be_judged() throws IOException {
    Map<String, Tensor> turned = HandedIn.right(CASE);
    turned.computeIfPresent("out", (_, out) -> out.reshape(Shape.of(out.size())));
    malformed("tensor out has shape", only(handedIn().put(CASE, turned).verify(CASE)));
  }

  @Test
  void a_widened_tensor_cannot_be_judged() throws IOException {
    TensorFile.Builder file = TensorFile.builder();
    HandedIn.right(CASE).forEach((name, tensor) -> file.put(name, DType.F64, tensor));
    malformed("tensor out is F64", only(handedIn().put(CASE, file).verify(CASE)));
  }

  @Test
  void a_set_without_a_class_or_with_an_unknown_one_cannot_be_judged() throws IOException {
    malformed(
        "class 'fp8' is unknown",
        only(handedIn().says("class", "fp8").put(CASE, HandedIn.right(CASE)).verify(CASE)));
  }

  @Test
  void results_for_other_inputs_cannot_be_judged() throws IOException {
    String digest = InputDigest.of(HandedIn.SUITE.find("basic/dense-f32"));
    malformed(
        "inputs_sha256",
        only(
            handedIn().says("inputs_sha256", digest).put(CASE, HandedIn.right(CASE)).verify(CASE)));
    String right = InputDigest.of(HandedIn.SUITE.find(CASE));
    assertEquals(
        Status.PASSED,
        only(handedIn().says("inputs_sha256", right).put(CASE, HandedIn.right(CASE)).verify(CASE))
            .status());
  }

  @Test
  void a_broken_file_is_named_with_the_rule_that_it_breaks() throws IOException {
    Path file = folder.resolve(CASE + ".safetensors");
    Files.createDirectories(Objects.requireNonNull(file.getParent()));
    Files.write(file, new byte[] {1, 2, 3});
    malformed("causal-f32.safetensors", only(handedIn().verify(CASE)));
  }

  @Test
  void a_refusal_is_right_where_it_is_expected_and_wrong_elsewhere() throws IOException {
    String refused =
        HandedIn.SUITE.cases().stream()
            .filter(one -> one.refuseCode() != null)
            .findFirst()
            .orElseThrow()
            .name();
    HandedIn set = handedIn().says("refused", "heads do not divide");
    assertEquals(
        Status.PASSED, only(set.put(refused, TensorFile.builder()).verify(refused)).status());
    assertEquals(Status.FAILED, only(set.put(CASE, TensorFile.builder()).verify(CASE)).status());
  }

  @Test
  void results_where_a_refusal_is_expected_are_wrong() throws IOException {
    String refused =
        HandedIn.SUITE.cases().stream()
            .filter(one -> one.refuseCode() != null)
            .findFirst()
            .orElseThrow()
            .name();
    Map<String, Tensor> out = Map.of("out", Tensor.zeros(Shape.of(1)));
    assertEquals(Status.FAILED, only(handedIn().put(refused, out).verify(refused)).status());
  }

  @Test
  void an_lse_in_base_2_passes_where_it_is_declared() throws IOException {
    Map<String, Tensor> results = HandedIn.right(CASE);
    results.computeIfPresent("lse", (_, lse) -> HandedIn.changed(lse, (_, x) -> x / LN2));
    HandedIn set = handedIn().put(CASE, results);
    List<GoldenCase> one = List.of(HandedIn.SUITE.find(CASE));
    assertTrue(set.verify(one, Map.of(), false).failed());
    assertFalse(set.verify(one, Map.of("lse_base", "2"), false).failed());
  }

  @Test
  void an_infinite_lse_of_empty_rows_passes_where_it_is_declared() throws IOException {
    String name = "grad/empty-rows";
    Map<String, Tensor> results = HandedIn.right(name);
    results.computeIfPresent(
        "lse", (_, lse) -> HandedIn.changed(lse, (_, x) -> Double.isInfinite(x) ? -x : x));
    HandedIn set = handedIn().put(name, results);
    List<GoldenCase> one = List.of(HandedIn.SUITE.find(name));
    assertTrue(set.verify(one, Map.of(), false).failed());
    assertFalse(set.verify(one, Map.of("lse_empty", "+inf"), false).failed());
  }

  @Test
  void twins_with_other_bits_fail_though_both_are_within_their_bounds() throws IOException {
    GoldenCase second =
        HandedIn.SUITE.cases().stream()
            .filter(one -> one.twin() != null && one.classes().contains("f32-flash"))
            .filter(one -> one.exact().isEmpty())
            .findFirst()
            .orElseThrow();
    String twin = Objects.requireNonNull(second.twin());
    Map<String, Tensor> results = HandedIn.right(second.name());
    HandedIn set = handedIn().put(twin, HandedIn.right(twin)).put(second.name(), results);
    List<GoldenCase> both = List.of(HandedIn.SUITE.find(twin), second);
    assertFalse(set.verify(both, Map.of(), false).failed());
    results.computeIfPresent(
        "out", (_, out) -> HandedIn.changed(out, (_, x) -> x == 0 ? x : x + Math.ulp((float) x)));
    set.put(second.name(), results);
    RunVerdict run = set.verify(both, Map.of(), false);
    assertTrue(run.failed());
    assertTrue(run.subjects().getFirst().cases().toString().contains("differs in its bits"));
  }

  @Test
  void a_file_of_no_case_is_noted() throws IOException {
    RunVerdict run =
        handedIn()
            .put(CASE, HandedIn.right(CASE))
            .put("basic/casual-f32", HandedIn.right(CASE))
            .verify(CASE);
    assertTrue(run.notes().getFirst().contains("basic/casual-f32"), run.notes().toString());
  }

  @Test
  void a_folder_that_is_none_is_one_sentence() {
    Path none = folder.resolve("none");
    HandedIn set = new HandedIn(none, PrecisionClass.F32_FLASH);
    assertThrows(IOException.class, () -> set.verify(CASE));
  }
}
