package dev.assay.gradcheck.gate;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.gate.GateLine.Outcome;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import java.util.function.IntToDoubleFunction;
import org.junit.jupiter.api.Test;

/** What the bias gate pools, when it speaks, and when it closes. */
class BiasGateTest {
  /** The output of a case, off by a fraction of a bound of 1 away from zero. */
  private static GateLine line(String name, IntToDoubleFunction off) throws IOException {
    GoldenCase golden = Suite.load().find(name);
    Tensor right = Objects.requireNonNull(golden.expect().get("out"));
    Tensor value =
        Tensor.generate(
            right.shape(), p -> right.get(p) + Math.signum(right.get(p)) * off.applyAsDouble(p));
    Tensor one = Tensor.generate(right.shape(), p -> 1);
    BiasGate gate = new BiasGate(PrecisionClass.F32_FLASH);
    Comparison compared = Comparison.of("out", DType.F64, value, right, one);
    gate.add(golden, List.of(GateShare.of(golden, compared)));
    return gate.lines().getFirst();
  }

  @Test
  void too_few_rows_decide_nothing() throws IOException {
    assertEquals(Outcome.NOT_ENOUGH, line("basic/dense-f32", p -> 0.5).outcome());
  }

  @Test
  void heads_of_a_group_count_once() throws IOException {
    // 8 query heads over 2 key heads, 9 queries each.
    assertTrue(line("heads/dense-8-2", p -> 0.5).text().startsWith("18 independent rows"));
    assertTrue(line("heads/dense-8-8", p -> 0.5).text().startsWith("72 independent rows"));
  }

  @Test
  void errors_to_both_sides_pass_however_large() throws IOException {
    // Rows of two channels: every second row leans the other way.
    GateLine line = line("long/causal-f32", p -> p / 2 % 2 == 0 ? 0.9 : -0.9);
    assertEquals(Outcome.PASS, line.outcome(), line.text());
  }

  @Test
  void a_small_error_to_one_side_fails() throws IOException {
    GateLine line = line("long/causal-f32", p -> 0.02);
    assertEquals(Outcome.FAIL, line.outcome(), line.text());
  }

  @Test
  void what_matrix_units_cut_off_is_allowed_of_an_lse_of_16_bits_alone() {
    assertEquals(0x1p-5, BiasGate.lean("lse", PrecisionClass.FP16_FLASH));
    assertEquals(0x1p-5, BiasGate.lean("lse", PrecisionClass.BF16_FLASH));
    assertEquals(0x1p-7, BiasGate.lean("out", PrecisionClass.BF16_FLASH));
    assertEquals(0x1p-7, BiasGate.lean("lse", PrecisionClass.F32_FLASH));
  }

  @Test
  void a_lean_below_what_correct_kernels_have_passes_however_certain() throws IOException {
    GateLine line = line("long/causal-f32", p -> 0.004);
    assertEquals(Outcome.PASS, line.outcome(), line.text());
  }
}
