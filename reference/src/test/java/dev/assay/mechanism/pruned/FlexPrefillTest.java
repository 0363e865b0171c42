package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.Results;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class FlexPrefillTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = FlexPrefillCases.all().getFirst().tensors();
    String[] settings = {"gamma=0.6", "tau=0", "minBudget=1", "reading=PRECISE"};
    double precise = Trials.out(flex(settings), tensors).at(0, 0, 4, 0);
    assertEquals(0.5029766737, precise, Trials.PRINTED);
    settings[3] = "reading=LITERAL";
    double literal = Trials.out(flex(settings), tensors).at(0, 0, 4, 0);
    assertEquals(0.4519709860, literal, Trials.PRINTED);
  }

  /** Eight tokens; the last two queries see nearly nothing but key 5. */
  private static Map<String, Tensor> column() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.full(Shape.of(1, 1, 8, 1), 1));
    tensors.put("k", Tensor.generate(Shape.of(1, 1, 8, 1), p -> p == 5 ? 50 : 0));
    tensors.put("v", Tensor.generate(Shape.of(1, 1, 8, 1), p -> p));
    return tensors;
  }

  @Test
  void a_column_that_the_probe_sees_is_kept_in_every_row() {
    double[] kept = kept(flex("gamma=0.9", "tau=0", "minBudget=4"), column());
    // Two blocks of columns: the first and that of key 5. Distances 1 and 2 hold half each, in
    // blocks 0 and 1.
    double[] expected = {1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1, 0, 1, 0, 1, 1};
    assertArrayEquals(expected, kept);
    // A budget of one block goes to what is forced.
    kept = kept(flex("gamma=0.9", "tau=0", "minBudget=0", "maxBudget=2"), column());
    assertArrayEquals(new double[] {1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 0, 1}, kept);
  }

  @Test
  void diagonals_are_grouped_by_their_distance_or_literally_from_the_far_end() {
    String[] settings = {"gamma=0.9", "tau=0", "minBudget=4", "reading=PRECISE"};
    // Of seven tokens the probe, 5 and 6, sees keys 2 and 3: distance 3, which lies in block 1.
    // Literally it lies in 4 - 1 - (7 - 1 - 3) / 2 = 2, where column 1 is kept anyway.
    double[] precise = {1, 1, 1, 1};
    double[] literal = {1, 1, 0, 1};
    assertArrayEquals(precise, Arrays.copyOfRange(kept(flex(settings), diagonal(3)), 12, 16));
    settings[3] = "reading=LITERAL";
    assertArrayEquals(literal, Arrays.copyOfRange(kept(flex(settings), diagonal(3)), 12, 16));
  }

  /** Seven tokens on a circle, each of which sees the one a distance before it. */
  private static Map<String, Tensor> diagonal(int distance) {
    double[] q = new double[14];
    double[] k = new double[14];
    for (int t = 0; t < 7; t++) {
      q[2 * t] = 100 * StrictMath.cos(t - distance);
      q[2 * t + 1] = 100 * StrictMath.sin(t - distance);
      k[2 * t] = StrictMath.cos(t);
      k[2 * t + 1] = StrictMath.sin(t);
    }
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 7, 2), q));
    tensors.put("k", Tensor.of(Shape.of(1, 1, 7, 2), k));
    tensors.put("v", Tensor.zeros(Shape.of(1, 1, 7, 1)));
    return tensors;
  }

  @Test
  void a_distance_of_equal_distributions_is_zero_and_of_disjoint_ones_the_root_of_log_two() {
    double[] p = {0.25, 0.75, 0};
    assertEquals(0, FlexChoice.distance(p, p, false), 1e-9);
    double[] q = {0, 0, 1};
    assertEquals(StrictMath.sqrt(StrictMath.log(2)), FlexChoice.distance(p, q, false), 1e-15);
    assertTrue(Double.isNaN(FlexChoice.distance(p, q, true)));
  }

  @Test
  void a_trusted_prediction_adds_its_largest_blocks_and_drops_the_budgets() {
    Map<String, Tensor> tensors = column();
    // Key 5 and its neighbour are alike, so that means predict the probe.
    tensors.put("k", Tensor.generate(Shape.of(1, 1, 8, 1), p -> p == 4 || p == 5 ? 50 : 0));
    double[] trusted = kept(flex("gamma=0.9", "tau=0.1", "minBudget=0"), tensors);
    // Rows 2 and 3 of blocks hold all their mass in block 2, row 0 in 0, row 1 half and half.
    double[] expected = {1, 0, 0, 0, 1, 1, 0, 0, 1, 0, 1, 0, 1, 0, 1, 1};
    assertArrayEquals(expected, trusted);
    double[] untrusted = kept(flex("gamma=0.9", "tau=0", "minBudget=0"), tensors);
    assertFalse(Arrays.equals(trusted, untrusted));
  }

  @Test
  void the_probe_keeps_its_share_of_attention() {
    Map<String, Tensor> tensors = Trials.tensors(1, 3, 3, 12, 12, 4);
    Tensor all =
        Results.get(Trials.define(Trials.make(Dense.class, "causal=true"), tensors), "lse");
    for (String gamma : new String[] {"0.5", "0.8", "0.95"}) {
      FlexPrefill flex = flex("gamma=" + gamma, "tau=0", "minBudget=0");
      Tensor kept = Results.get(Trials.define(flex, tensors), "lse");
      for (int h = 0; h < 3; h++) {
        double recall = 0;
        for (int i = 10; i < 12; i++) {
          recall += StrictMath.exp(kept.at(0, h, i) - all.at(0, h, i)) / 2;
        }
        // Blocks of whole columns and diagonals hold at least what one of them covers, less what
        // forced blocks displace.
        assertTrue(recall >= Double.parseDouble(gamma) - 0.25, gamma + ": " + recall);
      }
    }
  }

  @Test
  void with_everything_covered_or_a_short_sequence_it_is_dense() {
    Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 9, 9, 4);
    Trials.assertDense(flex("gamma=1", "tau=0", "minBudget=0"), tensors, true);
    Trials.assertDense(flex("gamma=0", "minBudget=9"), tensors, true);
    Trials.assertDense(flex("gamma=0", "minBudget=0"), Trials.tensors(1, 1, 1, 4, 4, 3), true);
  }

  @Test
  void the_last_block_of_queries_decides_for_all_rows() {
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 12, 12, 4);
    FlexPrefill flex = flex("gamma=0.3", "tau=0", "minBudget=0");
    Tensor q = Results.get(tensors, "q");
    boolean leaks = false;
    for (int shift = 1; shift < 9 && !leaks; shift++) {
      int by = shift;
      Map<String, Tensor> other = new HashMap<>(tensors);
      other.put(
          "q", Tensor.generate(q.shape(), p -> p / 4 >= 10 ? 3 * q.get(p - 4 * by) : q.get(p)));
      Tensor before = Trials.out(flex, tensors);
      Tensor after = Trials.out(flex, other);
      for (int p = 0; p < 10 * 4; p++) {
        leaks |= before.get(p) != after.get(p);
      }
    }
    assertTrue(leaks);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Trials.assertRefused("block is 0", FlexPrefill.class, "block=0");
    Trials.assertRefused("gamma is 1.5", FlexPrefill.class, "gamma=1.5");
    Trials.assertRefused("tau is -1.0", FlexPrefill.class, "tau=-1");
    Trials.assertRefused("5 queries came with 6 keys", flex(), Trials.tensors(1, 1, 1, 5, 6, 3));
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 6, 6, 3);
    tensors.put("k_lens", Tensor.of(Shape.of(1), 5));
    Trials.assertRefused("6 valid queries and 5 valid keys", flex(), tensors);
    tensors.remove("k_lens");
    tensors.put("q", Tensor.full(Shape.of(1, 1, 6, 3), Double.NaN));
    Trials.assertRefused("NaN", flex("minBudget=0"), tensors);
  }

  private static double[] kept(FlexPrefill flex, Map<String, Tensor> tensors) {
    return Trials.choice(flex, tensors, "block_mask").toDoubles();
  }

  private static FlexPrefill flex(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "block=2";
    return Trials.make(FlexPrefill.class, all);
  }
}
