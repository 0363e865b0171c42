package dev.assay.mechanism.learned;

import static dev.assay.mechanism.learned.LspgTrials.N;
import static dev.assay.mechanism.learned.LspgTrials.lspg;
import static dev.assay.mechanism.learned.LspgTrials.out;
import static dev.assay.mechanism.learned.LspgTrials.pattern;
import static dev.assay.mechanism.learned.LspgTrials.tensors;
import static dev.assay.mechanism.learned.LspgTrials.without;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Which pairs the generator selects: budgets, levels, blocks, distances. */
class LspgPatternTest {
  @Test
  void a_budget_takes_so_many_columns_and_ties_go_to_the_lower_index() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(Runs.qkv(1, 4, 2));
    tensors.put("k", Tensor.full(Shape.of(1, 1, 4, 2), 1));
    Tensor chosen =
        Runs.get(Runs.define(lspg("budget=0.5", "globals=0", "local=0"), tensors), "selected");
    assertArrayEquals(
        new double[] {1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0, 1, 1, 0, 0}, chosen.toDoubles());
    Tensor causal =
        Runs.get(
            Runs.define(lspg("budget=0.7", "globals=0", "causal=true"), Runs.qkv(1, 10, 2)),
            "selected");
    for (int i = 0; i < 10; i++) {
      int count = 0;
      for (int j = 0; j < 10; j++) {
        count += (int) causal.at(0, 0, i, j);
      }
      assertEquals((7 * (i + 1) + 9) / 10, count);
    }
  }

  @Test
  void global_keys_are_those_of_largest_importance_and_their_queries_see_everything() {
    Map<String, Tensor> tensors = Runs.qkv(1, N, 2);
    tensors.put("a_global", Tensor.of(Shape.of(1, 2), 1, 0));
    Tensor k = Runs.get(tensors, "k");
    tensors.put("k", Tensor.generate(k.shape(), p -> p == 8 ? 9 : k.get(p)));
    Mechanism one = lspg("globals=1", "local=0");
    Tensor columns = Runs.get(Runs.define(one, tensors), "global_columns");
    assertArrayEquals(new double[] {0, 0, 0, 0, 1, 0}, columns.toDoubles());
    Tensor pattern = pattern(one, tensors);
    for (int i = 0; i < N; i++) {
      assertEquals(1, pattern.at(0, 0, i, 4));
      assertEquals(1, pattern.at(0, 0, 4, i));
    }
    Mechanism causal = lspg("globals=1", "local=0", "causal=true");
    Tensor prefix = Runs.get(Runs.define(causal, tensors), "global_columns");
    assertEquals(1, prefix.at(0, 0, 0, 0), "the first row knows only itself");
    assertEquals(1, prefix.at(0, 0, 5, 4));
    assertEquals(0, prefix.at(0, 0, 3, 4), "row 3 does not know of key 4");
  }

  @Test
  void the_last_row_of_a_prefill_is_a_step_of_decoding() {
    for (String mode : List.of("NEG_INF", "ZERO_LOGIT", "LOG_SOFT")) {
      Mechanism mechanism = lspg("causal=true", "maskMode=" + mode);
      Map<String, Tensor> tensors = tensors();
      Tensor all = out(mechanism, tensors);
      Map<String, Tensor> step = new LinkedHashMap<>(tensors);
      Tensor q = Runs.get(tensors, "q");
      step.put("q", Tensor.generate(Shape.of(1, 1, 1, 3), p -> q.get((N - 1) * 3 + p)));
      step.remove("d_out");
      Tensor last = out(mechanism, step);
      for (int c = 0; c < 3; c++) {
        assertEquals(all.at(0, 0, N - 1, c), last.at(0, 0, 0, c), 1e-15, mode);
      }
    }
  }

  @Test
  void a_block_is_local_if_one_of_its_pairs_is() {
    Map<String, Tensor> tensors = Runs.qkv(1, 9, 2);
    tensors.put("w_threshold", Tensor.of(Shape.of(1, 6), 99, 0, 0, 0, 0, 0));
    String[] blocks = {"level=BLOCK", "size=3", "globals=0"};
    for (int local : new int[] {1, 2, 4, 5}) {
      String[] settings = Arrays.copyOf(blocks, 4);
      settings[3] = "local=" + local;
      Tensor found = pattern(lspg(settings), tensors);
      Tensor expected =
          KeepMask.where(
              found.shape(),
              x -> {
                int apart = Math.abs(x[2] / 3 - x[3] / 3);
                return apart == 0 || apart * 3 - 2 < local;
              });
      Runs.assertSameBits("local=" + local, expected, found);
    }
  }

  @Test
  void distances_share_buckets_on_a_logarithmic_scale() {
    assertEquals(0, RelativeBuckets.of(-3, true));
    assertEquals(15, RelativeBuckets.of(15, true));
    assertEquals(16, RelativeBuckets.of(16, true));
    assertEquals(21, RelativeBuckets.of(32, true));
    assertEquals(31, RelativeBuckets.of(4000, true));
    assertEquals(10, RelativeBuckets.of(16, false));
    assertEquals(26, RelativeBuckets.of(-16, false));
    assertEquals(12, RelativeBuckets.of(32, false));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> without = new LinkedHashMap<>(tensors);
    without.remove("a_global");
    Runs.assertRefused("needs the tensor a_global", lspg(), without);
    Map<String, Tensor> broken = new LinkedHashMap<>(tensors);
    broken.put("q", Tensor.full(Shape.of(1, 1, N, 3), Double.NaN));
    Runs.assertRefused("NaN", lspg(), broken);
    Runs.assertRefused("needs the tensor mlp_w1", lspg("reading=LITERAL"), tensors);
    Map<String, Tensor> narrow = new LinkedHashMap<>(tensors);
    narrow.put("selected", Tensor.zeros(Shape.of(1, 1, N, N - 1)));
    Runs.assertRefused("selected has shape", lspg(), narrow);
    narrow.put("selected", Tensor.zeros(Shape.of(1, 1, N, N)));
    Runs.assertRefused("selects nothing", lspg("maskMode=LOG_SOFT"), narrow);
    Map<String, Tensor> decode = new LinkedHashMap<>(tensors);
    decode.put("q", Tensor.zeros(Shape.of(1, 1, 1, 3)));
    decode.remove("d_out");
    Runs.assertRefused("choose level SCORE", lspg("level=BLOCK", "causal=true"), decode);
    assertThrows(IllegalArgumentException.class, () -> lspg("budget=1.5"));
    assertThrows(IllegalArgumentException.class, () -> lspg("gate=SOFT"));
    assertThrows(
        IllegalArgumentException.class, () -> lspg("reading=LITERAL", "maskMode=LOG_SOFT"));
  }

  @Test
  void the_future_of_a_zeroed_logit_leaks_where_causality_comes_before_it() {
    Mechanism leaky = lspg("maskMode=ZERO_LOGIT", "causal=true", "causalAfterZero=false");
    assertFalse(leaky.leak().isEmpty());
    Map<String, Tensor> tensors = tensors();
    Tensor before = out(leaky, tensors);
    Tensor v = Runs.get(tensors, "v");
    tensors.put("v", Tensor.generate(v.shape(), p -> p / 3 == N - 1 ? 7 : v.get(p)));
    assertTrue(before.get(0) != out(leaky, tensors).get(0));
  }
}
