package dev.assay.gradcheck.guess;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.DoubleUnaryOperator;
import org.junit.jupiter.api.Test;

/** Results that differ from the golden ones by a rule are called by its name. */
class ConstantsTest {
  private static final double LN2 = StrictMath.log(2);

  private static List<String> guesses(String name, String tensor, DoubleUnaryOperator wrong)
      throws IOException {
    GoldenCase golden = Suite.load().find(name);
    Tensor right = Objects.requireNonNull(golden.expect().get(tensor));
    Map<String, Tensor> bounds = Bounds.of(golden, PrecisionClass.F32_FLASH, Declared.NOTHING);
    Tensor value = Tensor.generate(right.shape(), p -> (float) wrong.applyAsDouble(right.get(p)));
    Tensor bound = Objects.requireNonNull(bounds.get(tensor));
    Comparison compared = Comparison.of(tensor, DType.F32, value, right, bound);
    return Guesses.at(Failure.of(golden, compared, new Oracle(golden)), true);
  }

  private static void looksLike(String expected, List<String> guesses) {
    assertTrue(
        guesses.stream().anyMatch(guess -> guess.contains(expected)),
        () -> "no guess says '" + expected + "': " + guesses);
  }

  @Test
  void an_lse_in_base_2() throws IOException {
    looksLike("LSE in base 2?", guesses("basic/dense-f32", "lse", x -> x / LN2));
  }

  @Test
  void an_lse_changed_to_base_e_twice() throws IOException {
    looksLike("constant ratio 0.6931", guesses("basic/dense-f32", "lse", x -> x * LN2));
  }

  @Test
  void an_lse_that_is_ln_2_too_large() throws IOException {
    looksLike("constant difference +0.6931: ln 2", guesses("basic/dense-f32", "lse", x -> x + LN2));
  }

  @Test
  void a_gradient_times_a_constant() throws IOException {
    looksLike("constant ratio 1.0050: scale?", guesses("basic/dense-f32", "dk", x -> 1.005 * x));
  }

  @Test
  void a_result_that_follows_no_rule_is_called_nothing_wrong_with_certainty() throws IOException {
    List<String> guesses = guesses("basic/dense-f32", "out", x -> x + StrictMath.sin(1e3 * x));
    assertEquals(List.of(), guesses);
  }
}
