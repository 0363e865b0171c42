package dev.assay.mechanism.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AdaptiveSparseAttentionTest {
  private static final String NEAR = "generator=local=2,globals=1";

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @ParameterizedTest
  @CsvSource(
      delimiter = ';',
      value = {
        "variant=FULL;0.3305622244",
        "variant=WITHOUT_CAO;0.3684088967",
        "variant=WITHOUT_LSPG;-0.0262208266",
      })
  void the_variants_differ_on_the_recorded_example(String setting, double first) {
    assertEquals(first, out(make(NEAR, setting), tensors()).get(0), PRINTED);
  }

  @Test
  void the_literal_modes_differ_on_the_recorded_example() {
    Mechanism literal = make(NEAR + ",maskMode=ZERO_LOGIT", "optimizer=mode=L_EQ3");
    assertEquals(-0.0288950414, out(literal, tensors()).get(0), PRINTED);
  }

  @Test
  void without_the_optimizer_it_is_the_generator_alone() {
    Tensor lspg = out(Runs.make(Lspg.class, "local=2", "globals=1"), tensors());
    Runs.assertSameBits("out", lspg, out(make(NEAR, "variant=WITHOUT_CAO"), tensors()));
    Map<String, Tensor> calm = tensors();
    calm.put("beta", Tensor.zeros(Shape.of(1)));
    Runs.assertClose("out", lspg, out(make(NEAR), calm), 1e-15);
  }

  @Test
  void with_everything_selected_it_is_the_optimizer_alone() {
    Tensor cao = out(Runs.make(Cao.class), tensors());
    Tensor all = out(make("generator=local=99,globals=0"), tensors());
    Runs.assertClose("out", cao, all, 1e-15);
  }

  @Test
  void the_fixed_mask_has_the_budget_of_the_learned_one() {
    Mechanism fixed = make(NEAR + ",budget=0.4", "variant=WITHOUT_LSPG");
    Evaluation run = Evaluation.define(fixed, tensors());
    Mechanism.Rules spread = fixed.rules(run.inputs());
    Mechanism learned = make(NEAR + ",budget=0.4");
    Mechanism.Rules chosen = learned.rules(Evaluation.define(learned, tensors()).inputs());
    boolean differs = false;
    for (int h = 0; h < 2; h++) {
      for (int i = 0; i < 6; i++) {
        int budget = 0;
        for (int j = 0; j < 6; j++) {
          boolean here = exists(spread, h, i, j);
          budget += (here ? 1 : 0) - (exists(chosen, h, i, j) ? 1 : 0);
          differs |= here != exists(chosen, h, i, j);
        }
        assertEquals(0, budget);
        assertTrue(exists(spread, h, i, i), "the nearest key is the query's own");
      }
    }
    assertTrue(differs);
  }

  private static boolean exists(Mechanism.Rules rules, int h, int i, int j) {
    return !rules.of(0, h, i, j).equals(Mechanism.NOT_ATTENDED);
  }

  @Test
  void a_given_budget_spreads_half_of_the_keys() {
    Mechanism fixed = make("generator=globals=0", "variant=WITHOUT_LSPG", "causal=true");
    Map<String, Tensor> tensors = tensors();
    tensors.put("budget", Tensor.full(Shape.of(1, 2, 6), 4));
    Mechanism.Rules rules = fixed.rules(Evaluation.define(fixed, tensors).inputs());
    assertEquals(
        List.of("spread", "not attended", "spread", "not attended", "nearest", "nearest"),
        List.of(0, 1, 2, 3, 4, 5).stream().map(j -> rules.of(0, 0, 5, j)).toList());
    assertEquals("spread", rules.of(0, 0, 1, 0));
  }

  @Test
  void the_generator_learns_through_the_optimizer() {
    Map<String, Tensor> results = Runs.define(make(NEAR), tensors());
    for (String name : List.of("d_w_threshold", "d_phi_w1", "d_beta")) {
      assertTrue(Arrays.stream(Runs.get(results, name).toDoubles()).anyMatch(x -> x != 0), name);
    }
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertThrows(IllegalArgumentException.class, () -> make("generator=locale=2"));
    assertThrows(IllegalArgumentException.class, () -> make("optimizer=mode"));
    var own = assertThrows(IllegalArgumentException.class, () -> make("generator=causal=true"));
    assertTrue(own.toString().contains("set it there"), own.toString());
    Map<String, Tensor> tensors = tensors();
    tensors.put("budget", Tensor.zeros(Shape.of(1, 2, 5)));
    Runs.assertRefused("budget has shape", make(NEAR, "variant=WITHOUT_LSPG"), tensors);
    assertFalse(make(NEAR + ",level=BLOCK", "causal=true").leak().isEmpty());
  }

  private static Map<String, Tensor> tensors() {
    return new LinkedHashMap<>(Runs.find("adaptive-sparse-attention", "precise").tensors());
  }

  private static Mechanism make(String... settings) {
    return Runs.make(AdaptiveSparseAttention.class, settings);
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Runs.get(Runs.define(mechanism, tensors), "out");
  }
}
