package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.Results;
import dev.assay.mechanism.Case;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SpargeAttentionTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Case example = SpargeAttentionCases.all().get(3);
    assertEquals(4304, example.id());
    Map<String, Tensor> tensors = example.tensors();
    String[] settings = {"simThreshold=-1", "topk=0.5", "causal=true"};
    double precise = Trials.out(sparge(settings), tensors).at(0, 0, 2, 0);
    double literal = Trials.out(literal(settings), tensors).at(0, 0, 2, 0);
    assertEquals(-1.4121565099, precise, Trials.PRINTED);
    assertEquals(-1.1573047465, literal, Trials.PRINTED);
  }

  @Test
  void the_similarity_of_a_block_is_the_mean_of_all_cosines() {
    double[][] tokens = {{2, 0}, {0, 3}, {-1, 0}};
    // Cosines: three of 1, two of -1, four of 0.
    assertEquals(1 / 9.0, PredictedBlocks.similarity(tokens, true), 1e-15);
    double[][] withZero = {{2, 0}, {0, 0}};
    assertEquals(1 / 4.0, PredictedBlocks.similarity(withZero, true), 1e-15);
    assertTrue(Double.isNaN(PredictedBlocks.similarity(withZero, false)));
  }

  /** Four blocks of two equal keys whose means predict 8, 4, 2 and 1 of 15. */
  private static Map<String, Tensor> predicted() {
    double log2 = StrictMath.log(2);
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.full(Shape.of(1, 1, 4, 1), 1));
    tensors.put("k", Tensor.generate(Shape.of(1, 1, 8, 1), p -> (3 - p / 2) * log2 + 1));
    tensors.put("v", Tensor.generate(Shape.of(1, 1, 8, 1), p -> p));
    return tensors;
  }

  @Test
  void the_block_that_crosses_the_mass_is_left_out_and_one_is_kept_at_least() {
    assertKept("cdf=0.5", 1, 0, 0, 0);
    assertKept("cdf=0.54", 1, 0, 0, 0);
    assertKept("cdf=0.79", 1, 0, 0, 0);
    assertKept("cdf=0.81", 1, 1, 0, 0);
    assertKept("cdf=0.94", 1, 1, 1, 0);
    assertEquals(
        12 / 15.0 - 0.79,
        Trials.answer(sparge("simThreshold=-1", "smoothK=false", "cdf=0.79"), predicted()).margin(),
        1e-15);
  }

  @Test
  void a_share_keeps_so_many_blocks_of_a_row() {
    assertKept("topk=0.5", 1, 1, 0, 0);
    assertKept("topk=0.74", 1, 1, 0, 0);
    assertKept("topk=0.1", 1, 0, 0, 0);
    assertKept("topk=1", 1, 1, 1, 1);
  }

  private static void assertKept(String rule, double... blocks) {
    SpargeAttention sparge = sparge("simThreshold=-1", "smoothK=false", rule);
    assertArrayEquals(blocks, kept(sparge, predicted()), rule);
  }

  @Test
  void blocks_that_are_not_alike_are_always_kept() {
    Map<String, Tensor> tensors = predicted();
    double[] k = Results.get(tensors, "k").toDoubles();
    k[6] = 2;
    k[7] = -2;
    tensors.put("k", Tensor.of(Shape.of(1, 1, 8, 1), k));
    String[] settings = {"simThreshold=0.5", "smoothK=false", "cdf=0.5"};
    assertArrayEquals(new double[] {1, 0, 0, 1}, kept(sparge(settings), tensors));
    tensors.put("q", Tensor.of(Shape.of(1, 1, 4, 1), 1, 1, -1, 1));
    assertArrayEquals(new double[] {1, 1, 1, 1}, kept(sparge(settings), tensors));
  }

  @Test
  void smoothing_decides_what_is_alike_and_not_what_is_predicted() {
    Map<String, Tensor> tensors = predicted();
    // Keys around 100 are all alike, until their mean is taken away.
    tensors.put("k", Tensor.of(Shape.of(1, 1, 8, 1), 101, 99, 102, 102, 98, 98, 100, 100));
    String[] raw = {"simThreshold=0.5", "smoothK=false", "cdf=0.1"};
    String[] smooth = {"simThreshold=0.5", "smoothK=true", "cdf=0.1"};
    assertArrayEquals(new double[] {0, 1, 0, 0}, kept(sparge(raw), tensors));
    // Block 3 is zeros then, whose cosines are 0.
    assertArrayEquals(new double[] {1, 1, 0, 1}, kept(sparge(smooth), tensors));
  }

  @Test
  void with_every_block_kept_it_is_dense() {
    Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 8, 8, 4);
    Trials.assertDense(sparge("simThreshold=2"), tensors, false);
    Trials.assertDense(sparge("simThreshold=2", "causal=true"), tensors, true);
    Trials.assertDense(sparge("simThreshold=-1", "cdf=1", "topk=1"), tensors, false);
    Trials.assertDense(sparge("simThreshold=2", "pv=1000", "warpRows=2"), tensors, false);
  }

  @Test
  void the_second_stage_leaves_out_what_lies_far_below_the_maximum() {
    Map<String, Tensor> tensors = predicted();
    // Logits fall by one power of two from block to block, for every query.
    SpargeAttention late = sparge("simThreshold=-1", "topk=1", "pv=1.5", "warpRows=2");
    Tensor computed = Trials.choice(late, tensors, "warp_mask");
    assertArrayEquals(new double[] {1, 1, 0, 0, 1, 1, 0, 0}, computed.toDoubles());
    assertEquals(0.5, Trials.answer(late, tensors).margin(), 1e-14);
    // One query of the first pair rises in block 3: the pair computes it.
    double[] q = {1, -1, 1, 1};
    tensors.put("q", Tensor.of(Shape.of(1, 1, 4, 1), q));
    computed = Trials.choice(late, tensors, "warp_mask");
    assertArrayEquals(new double[] {1, 1, 1, 1, 1, 1, 0, 0}, computed.toDoubles());
  }

  @Test
  void what_the_second_stage_leaves_out_weighs_little() {
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 2, 8, 16, 4);
    Tensor q = Results.get(tensors, "q");
    tensors.put("q", Tensor.generate(q.shape(), p -> 6 * q.get(p)));
    String[] settings = {"simThreshold=2", "pv=12", "warpRows=1"};
    Map<String, Tensor> found = Trials.define(sparge(settings), tensors);
    Tensor whole = Trials.out(sparge("simThreshold=2"), tensors);
    assertTrue(Arrays.stream(Results.get(found, "warp_mask").toDoubles()).anyMatch(x -> x == 0));
    for (int p = 0; p < whole.size(); p++) {
      // Sixteen keys of at most 2^-12 of the largest weight, and values below 4.
      assertEquals(whole.get(p), Results.get(found, "out").get(p), 16 * 8 / 4096.0);
    }
  }

  @Test
  void a_literal_row_of_zeros_makes_its_block_not_alike() {
    Map<String, Tensor> tensors = predicted();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 4, 1), 1, 1, 0, 1));
    String[] settings = {"simThreshold=-1", "smoothK=false", "cdf=0.5"};
    assertArrayEquals(new double[] {1, 0, 0, 0}, kept(sparge(settings), tensors));
    assertArrayEquals(new double[] {1, 1, 1, 1}, kept(literal(settings), tensors));
  }

  @Test
  void a_causal_prediction_looks_at_the_whole_block_of_queries() {
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 8, 8, 3);
    SpargeAttention sparge = sparge("simThreshold=-1", "cdf=0.5", "causal=true");
    boolean leaks = false;
    for (int channel = 0; channel < 3 && !leaks; channel++) {
      Map<String, Tensor> other = new HashMap<>(tensors);
      Tensor q = Results.get(tensors, "q");
      int at = 7 * 3 + channel;
      other.put("q", Tensor.generate(q.shape(), p -> p == at ? 40 : q.get(p)));
      leaks = !Arrays.equals(kept(sparge, tensors), kept(sparge, other));
    }
    assertTrue(leaks);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Trials.assertRefused("blockQ is 0", SpargeAttention.class, "blockQ=0");
    Trials.assertRefused("cdf is 1.5", SpargeAttention.class, "cdf=1.5");
    Trials.assertRefused("topk is -0.5", SpargeAttention.class, "topk=-0.5");
    Trials.assertRefused("pv is -1.0", SpargeAttention.class, "pv=-1");
    Trials.assertRefused("a divisor of blockQ", SpargeAttention.class, "pv=5", "warpRows=3");
    Map<String, Tensor> tensors = predicted();
    tensors.put("q", Tensor.full(Shape.of(1, 1, 4, 1), Double.NaN));
    Trials.assertRefused("the score of block 0 is NaN", sparge(), tensors);
  }

  private static double[] kept(SpargeAttention sparge, Map<String, Tensor> tensors) {
    return Trials.choice(sparge, tensors, "block_mask").toDoubles();
  }

  private static SpargeAttention sparge(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 2);
    all[settings.length] = "blockQ=4";
    all[settings.length + 1] = "blockK=2";
    return Trials.make(SpargeAttention.class, all);
  }

  private static SpargeAttention literal(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "reading=LITERAL";
    return sparge(all);
  }
}
