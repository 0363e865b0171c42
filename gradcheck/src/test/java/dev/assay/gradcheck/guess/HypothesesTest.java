package dev.assay.gradcheck.guess;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.bound.Bounds;
import dev.assay.gradcheck.bound.Declared;
import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A result of the oracle under a changed assumption is recognised as that. */
class HypothesesTest {
  private static void recognised(
      String expected,
      GoldenCase golden,
      String tensor,
      Mechanism wrong,
      Map<String, Tensor> inputs) {
    Tensor value = Objects.requireNonNull(Evaluation.define(wrong, inputs).results().get(tensor));
    Tensor right = Objects.requireNonNull(golden.expect().get(tensor));
    Tensor bound =
        Objects.requireNonNull(
            Bounds.of(golden, PrecisionClass.F32_FLASH, Declared.NOTHING).get(tensor));
    Comparison compared = Comparison.of(tensor, DType.F32, value, right, bound);
    List<String> guesses = Guesses.at(Failure.of(golden, compared, new Oracle(golden)), true);
    assertTrue(
        guesses.stream().anyMatch(guess -> guess.contains(expected)),
        () -> "no guess says '" + expected + "': " + guesses);
  }

  private static void withSetting(
      String name, String tensor, String key, String value, String expected) throws IOException {
    GoldenCase golden = Suite.load().find(name);
    Map<String, String> settings = new LinkedHashMap<>(Settings.of(golden.mechanism()));
    settings.put(key, value);
    Mechanism wrong = Settings.make(golden.mechanism().getClass(), settings);
    recognised(expected, golden, tensor, wrong, golden.inputs());
  }

  @Test
  void a_window_one_key_too_wide() throws IOException {
    GoldenCase golden = Suite.load().find("basic/window-f32");
    int window =
        Integer.parseInt(Objects.requireNonNull(Settings.of(golden.mechanism()).get("window")));
    withSetting(
        "basic/window-f32",
        "out",
        "window",
        Integer.toString(window + 1),
        "window = " + (window + 1));
  }

  @Test
  void a_softcap_that_is_ignored() throws IOException {
    withSetting("basic/softcap", "dq", "softcap", "0", "softcap = 0");
  }

  @Test
  void a_mask_that_is_ignored() throws IOException {
    GoldenCase golden = Suite.load().find("basic/mask");
    Map<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    inputs.remove("mask");
    recognised("without mask: is it ignored?", golden, "out", golden.mechanism(), inputs);
  }

  @Test
  void an_lse_gradient_that_is_ignored() throws IOException {
    GoldenCase golden = Suite.load().find("grad/both");
    Map<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    inputs.remove("d_lse");
    recognised("without d_lse", golden, "dq", golden.mechanism(), inputs);
  }

  @Test
  void a_frontier_aligned_at_the_top_left() throws IOException {
    GoldenCase golden = Suite.load().find("basic/causal-cross");
    Map<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    inputs.put("offset", Tensor.zeros(Shape.of(2)));
    recognised("aligned at the top left", golden, "out", golden.mechanism(), inputs);
  }

  @Test
  void a_scale_that_is_applied_twice() throws IOException {
    GoldenCase golden = Suite.load().find("basic/causal-f32");
    Map<String, Tensor> inputs = new LinkedHashMap<>(golden.inputs());
    Tensor q = Objects.requireNonNull(inputs.get("q"));
    double scale = 1 / Math.sqrt(q.shape().extent(3));
    inputs.put("q", Tensor.generate(q.shape(), p -> scale * q.get(p)));
    recognised("a scale applied twice", golden, "out", golden.mechanism(), inputs);
  }
}
