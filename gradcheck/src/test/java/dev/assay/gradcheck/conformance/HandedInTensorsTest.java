package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.TensorFile;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.verdict.CaseVerdict;
import dev.assay.gradcheck.verdict.Status;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.nio.file.Path;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.EnumSource;

/** Names and types of the tensors in a file of results. */
class HandedInTensorsTest {
  private static final String CASE = "basic/causal-f32";

  @TempDir private Path folder;

  private CaseVerdict verdict(PrecisionClass precision, TensorFile.Builder file)
      throws IOException {
    return new HandedIn(folder, precision)
        .put(CASE, file)
        .verify(CASE)
        .subjects()
        .getFirst()
        .cases()
        .getFirst();
  }

  private static TensorFile.Builder file(PrecisionClass precision, DType lse) {
    TensorFile.Builder file = TensorFile.builder();
    HandedIn.right(CASE)
        .forEach(
            (name, tensor) -> {
              DType type = name.equals("lse") ? lse : precision.storage();
              file.put(name, type, rounded(tensor, type));
            });
    return file;
  }

  private static Tensor rounded(Tensor tensor, DType type) {
    return Tensor.generate(tensor.shape(), p -> type.round(tensor.get(p)));
  }

  @ParameterizedTest
  @CsvSource({"dq, dQ", "dk, grad_k", "lse, LSE", "dv, v_grad"})
  void a_result_under_another_name_is_malformed_and_not_left_out(String right, String slip)
      throws IOException {
    Map<String, Tensor> results = HandedIn.right(CASE);
    Map<String, Tensor> few = new LinkedHashMap<>();
    few.put("out", Objects.requireNonNull(results.get("out")));
    few.put(slip, Objects.requireNonNull(results.get(right)));
    CaseVerdict verdict =
        new HandedIn(folder, PrecisionClass.F32_FLASH)
            .put(CASE, few)
            .verify(CASE)
            .subjects()
            .getFirst()
            .cases()
            .getFirst();
    assertEquals(Status.MALFORMED, verdict.status());
    assertTrue(verdict.reason().contains("tensor " + slip + " is unknown"), verdict.reason());
    assertTrue(verdict.reason().contains("dq"), verdict.reason());
  }

  @Test
  void a_gradient_that_the_case_does_not_ask_for_is_let_be() throws IOException {
    TensorFile.Builder file = file(PrecisionClass.F32_FLASH, DType.F32);
    Tensor out = Objects.requireNonNull(HandedIn.right(CASE).get("out"));
    file.put("dbias", DType.F32, rounded(out, DType.F32));
    assertEquals(Status.PASSED, verdict(PrecisionClass.F32_FLASH, file).status());
  }

  @Test
  void whatever_is_given_where_a_refusal_is_expected_is_wrong_and_not_malformed()
      throws IOException {
    String refused = "refuse/nan-score";
    CaseVerdict verdict =
        new HandedIn(folder, PrecisionClass.F32_FLASH)
            .put(refused, Map.of("chosen", Tensor.zeros(Shape.of(1))))
            .verify(refused)
            .subjects()
            .getFirst()
            .cases()
            .getFirst();
    assertEquals(Status.FAILED, verdict.status(), verdict.reason());
  }

  @ParameterizedTest
  @EnumSource(DType.class)
  void an_lse_is_handed_in_in_f32_or_more(DType type) throws IOException {
    boolean enough = type == DType.F32 || type == DType.F64;
    if (type.floating()) {
      CaseVerdict verdict = verdict(PrecisionClass.F32_FLASH, file(PrecisionClass.F32_FLASH, type));
      assertEquals(enough ? Status.PASSED : Status.MALFORMED, verdict.status(), verdict.reason());
    }
  }
}
