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

class AdaSpaTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = AdaSpaCases.all().getFirst().tensors();
    String[] settings = {"sparsity=0.5", "adaptive=false", "reading=PRECISE"};
    assertEquals(1.0810585592, Trials.out(spa(settings), tensors).get(0), Trials.PRINTED);
    settings[2] = "reading=LITERAL";
    assertEquals(0.8432377221, Trials.out(spa(settings), tensors).get(0), Trials.PRINTED);
  }

  /** Keys of blocks 0 to 3 weigh 1, 8, 2 and 4 for each query; two tokens a block. */
  private static Map<String, Tensor> weights(int heads) {
    double[] logs = {0, 3, 1, 2};
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.full(Shape.of(1, heads, 8, 1), StrictMath.log(2)));
    tensors.put("k", Tensor.generate(Shape.of(1, heads, 8, 1), p -> logs[p % 8 / 2]));
    tensors.put("v", Tensor.generate(Shape.of(1, heads, 8, 1), p -> p % 8));
    return tensors;
  }

  @Test
  void each_row_keeps_the_blocks_of_largest_mass() {
    assertRows("sparsity=0.75", 0, 1, 0, 0);
    assertRows("sparsity=0.5", 0, 1, 0, 1);
    assertRows("sparsity=0.3", 0, 1, 1, 1);
    assertRows("sparsity=0.25", 0, 1, 1, 1);
    assertRows("sparsity=0", 1, 1, 1, 1);
    // A block has four pairs of weight 8, 4, ... over 30.
    AdaSpa half = spa("sparsity=0.5", "adaptive=false");
    assertEquals(8 / 30.0, Trials.answer(half, weights(1)).margin(), 1e-15);
  }

  private static void assertRows(String sparsity, double... row) {
    double[] kept = kept(spa(sparsity, "adaptive=false"), weights(1));
    for (int start = 0; start < kept.length; start += 4) {
      assertArrayEquals(row, Arrays.copyOfRange(kept, start, start + 4), sparsity);
    }
  }

  @Test
  void all_blocks_of_a_head_compete_with_equal_ones_taken_in_order() {
    AdaSpa global = spa("sparsity=0.7", "selection=GLOBAL", "adaptive=false");
    double[] expected = {0, 1, 0, 1, 0, 1, 0, 0, 0, 1, 0, 0, 0, 1, 0, 0};
    assertArrayEquals(expected, kept(global, weights(1)));
  }

  @Test
  void a_share_of_blocks_that_is_whole_on_paper_is_not_rounded_up() {
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 20, 20, 3);
    // (1 - 0.7) 10 is 3.0000000000000004 in fp64.
    double[] kept = kept(spa("sparsity=0.7", "adaptive=false"), tensors);
    assertEquals(10 * 3, Arrays.stream(kept).sum());
  }

  @Test
  void kept_mass_is_the_largest_that_so_many_blocks_of_a_row_can_hold() {
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 8, 8, 4);
    tensors.remove("d_out");
    tensors.remove("d_lse");
    AdaSpa spa = spa("sparsity=0.5", "adaptive=false");
    Tensor all = lse(Trials.make(Dense.class), tensors);
    double best = recall(lse(spa, tensors), all);
    for (int pattern = 0; pattern < 16; pattern++) {
      if (Integer.bitCount(pattern) == 2) {
        int bits = pattern;
        tensors.put("block_mask", Tensor.generate(Shape.of(1, 1, 4, 4), p -> bits >> p % 4 & 1));
        assertTrue(recall(lse(spa, tensors), all) <= best + 1e-15);
      }
    }
  }

  private static Tensor lse(dev.assay.mechanism.Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Trials.define(mechanism, tensors), "lse");
  }

  private static double recall(Tensor kept, Tensor all) {
    double sum = 0;
    for (int i = 0; i < all.size(); i++) {
      sum += StrictMath.exp(kept.get(i) - all.get(i)) / all.size();
    }
    return sum;
  }

  @Test
  void without_sparsity_it_is_dense_in_either_reading() {
    Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 7, 9, 4);
    Trials.assertDense(spa("sparsity=0"), tensors, false);
    Trials.assertDense(spa("sparsity=0", "causal=true"), tensors, true);
    Trials.assertDense(spa("sparsity=0", "reading=LITERAL"), tensors, false);
  }

  @Test
  void a_head_of_high_recall_gives_blocks_to_one_of_low() {
    Map<String, Tensor> tensors = weights(3);
    // Head 0 is flat, head 1 as before, head 2 has all but nothing outside block 1.
    Tensor q = Results.get(tensors, "q");
    double[] spread = {0, 1, 5};
    tensors.put("q", Tensor.generate(q.shape(), p -> spread[p / 8] * q.get(p)));
    double[] kept = kept(spa("sparsity=0.5", "recallBar=0.9"), tensors);
    // Recalls are 0.5, 0.8 and nearly 1: one head is high; it keeps 1, the lowest 3 of 4.
    assertEquals(3 * 4, Arrays.stream(kept, 0, 16).sum());
    assertEquals(2 * 4, Arrays.stream(kept, 16, 32).sum());
    assertEquals(4, Arrays.stream(kept, 32, 48).sum());
    // All three are above 0.4, but only half of them may shift.
    kept = kept(spa("sparsity=0.5", "recallBar=0.4"), tensors);
    assertEquals(2 * 4, Arrays.stream(kept, 16, 32).sum());
    // Below a third the mean stays: 2 s and 0, of four blocks.
    kept = kept(spa("sparsity=0.25", "recallBar=0.9"), tensors);
    assertEquals(4 * 4, Arrays.stream(kept, 0, 16).sum());
    assertEquals(2 * 4, Arrays.stream(kept, 32, 48).sum());
  }

  @Test
  void blocks_of_text_are_kept_beside_the_budget() {
    double[] kept = kept(spa("sparsity=0.7", "textTokens=1", "adaptive=false"), weights(1));
    // One of three blocks without text, and the last column; the last row is whole.
    double[] expected = {0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 0, 1, 1, 1, 1, 1};
    assertArrayEquals(expected, kept);
  }

  @Test
  void a_fresh_log_sum_exp_that_is_given_back_changes_nothing_and_a_stale_one_only_ranks() {
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 2, 8, 8, 4);
    AdaSpa spa = spa("sparsity=0.5", "adaptive=false");
    double[] fresh = kept(spa, tensors);
    tensors.put("lse_cache", lse(Trials.make(Dense.class), tensors));
    assertArrayEquals(fresh, kept(spa, tensors));
    tensors.put("lse_cache", Tensor.generate(Shape.of(1, 1, 8), i -> i % 2 == 0 ? 30 : 0));
    assertFalse(Arrays.equals(fresh, kept(spa, tensors)), "every other row hardly counts");
    // Beyond the cut all masses are equal, and the first blocks are kept.
    tensors.put("lse_cache", Tensor.full(Shape.of(1, 1, 1), -1000));
    double[] cut = kept(spa, tensors);
    assertArrayEquals(new double[] {1, 1, 0, 0}, Arrays.copyOf(cut, 4));
  }

  @Test
  void literally_a_key_that_is_left_out_weighs_as_a_logit_of_zero() {
    Map<String, Tensor> tensors = weights(1);
    tensors.put("block_mask", Tensor.generate(Shape.of(1, 1, 4, 4), p -> p % 4 == 1 ? 1 : 0));
    // Two keys of weight 8, six of weight 1; values 2 and 3 against 0, 1, 4, 5, 6, 7.
    double expected = (8 * 5 + 23) / 22.0;
    assertEquals(expected, Trials.out(spa("reading=LITERAL"), tensors).get(0), 1e-14);
    assertEquals(2.5, Trials.out(spa(), tensors).get(0), 1e-15);
    tensors.put("block_mask", Tensor.zeros(Shape.of(1, 1, 4, 4)));
    assertEquals(3.5, Trials.out(spa("reading=LITERAL"), tensors).get(0), 1e-15);
    assertEquals(0, Trials.out(spa(), tensors).get(0));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Trials.assertRefused("block is 0", AdaSpa.class, "block=0");
    Trials.assertRefused("sparsity is 1.0", AdaSpa.class, "sparsity=1");
    Trials.assertRefused("textTokens is -1", AdaSpa.class, "textTokens=-1");
    Map<String, Tensor> tensors = weights(1);
    tensors.put("lse_cache", Tensor.zeros(Shape.of(1, 1, 3)));
    Trials.assertRefused("lse_cache has shape", spa(), tensors);
    tensors.put("lse_cache", Tensor.full(Shape.of(1, 1, 1), Double.NaN));
    Trials.assertRefused("NaN", spa(), tensors);
  }

  private static double[] kept(AdaSpa spa, Map<String, Tensor> tensors) {
    return Trials.choice(spa, tensors, "block_mask").toDoubles();
  }

  private static AdaSpa spa(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "block=2";
    return Trials.make(AdaSpa.class, all);
  }
}
