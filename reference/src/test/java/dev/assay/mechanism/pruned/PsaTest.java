package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.Results;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class PsaTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = PsaCases.all().getFirst().tensors();
    Psa precise = psa("block=2", "epsilon=0.3");
    Psa literal = psa("block=2", "reading=LITERAL", "threshold=0.7");
    assertEquals(0.5912123577, Trials.out(precise, tensors).get(0), Trials.PRINTED);
    assertEquals(0.6553516842, Trials.out(literal, tensors).get(0), Trials.PRINTED);
  }

  /** One channel, blocks of one key with weights 8, 4, 1, 2 of 15. */
  @Test
  void blocks_of_one_key_are_taken_by_their_exact_weight() {
    Map<String, Tensor> tensors = eighths();
    // The open block holds 2 of 15; with the heaviest 10 of 15, then 14, then all.
    assertTaken(tensors, "epsilon=0.87", 0, 0, 0, 1);
    assertTaken(tensors, "epsilon=0.86", 1, 0, 0, 1);
    assertTaken(tensors, "epsilon=0.34", 1, 0, 0, 1);
    assertTaken(tensors, "epsilon=0.33", 1, 1, 0, 1);
    assertTaken(tensors, "epsilon=0.06", 1, 1, 1, 1);
    double nearest = Trials.answer(psa("block=1", "epsilon=0.86"), tensors).margin();
    assertEquals(0.14 - 2 / 15.0, nearest, 1e-15);
  }

  @Test
  void a_prefix_of_predicted_weights_includes_the_one_that_crosses() {
    Map<String, Tensor> tensors = eighths();
    String[] literal = {"reading=LITERAL", "block=1", "threshold=0.52"};
    assertArrayEquals(new double[] {1, 0, 0, 1}, taken(psa(literal), tensors));
    literal[2] = "threshold=0.54";
    assertArrayEquals(new double[] {1, 1, 0, 1}, taken(psa(literal), tensors));
    literal[2] = "threshold=0.9";
    assertArrayEquals(new double[] {1, 1, 0, 1}, taken(psa(literal), tensors));
    literal[2] = "threshold=0.95";
    assertArrayEquals(new double[] {1, 1, 1, 1}, taken(psa(literal), tensors));
  }

  @Test
  void a_bound_retains_the_mass_that_was_asked_for() {
    for (String epsilon : new String[] {"0.01", "0.1", "0.3", "0.6"}) {
      Psa psa = psa("block=3", "epsilon=" + epsilon);
      for (int spread : new int[] {1, 4}) {
        Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 12, 12, 4);
        Tensor q = Results.get(tensors, "q");
        tensors.put("q", Tensor.generate(q.shape(), p -> spread * q.get(p)));
        double least = leastRetained(psa, tensors);
        assertTrue(least >= 1 - Double.parseDouble(epsilon) - 1e-15, epsilon + ": " + least);
      }
    }
  }

  /** {@code exp(LSE of what was taken - LSE of all)}. */
  private static double leastRetained(Psa psa, Map<String, Tensor> tensors) {
    Tensor taken = Results.get(Trials.define(psa, tensors), "lse");
    Tensor all =
        Results.get(Trials.define(Trials.make(Dense.class, "causal=true"), tensors), "lse");
    double least = 1;
    for (int p = 0; p < all.size(); p++) {
      least = Math.min(least, StrictMath.exp(taken.get(p) - all.get(p)));
    }
    return least;
  }

  @Test
  void an_estimate_may_miss_more() {
    // Block 0 holds 4 and -4: its mean promises little, its first key holds nearly everything.
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 1, 1), 1));
    tensors.put("k", Tensor.of(Shape.of(1, 1, 4, 1), 4, -4, 1, 1));
    tensors.put("v", Tensor.of(Shape.of(1, 1, 4, 1), 1, 1, 1, 1));
    String[] settings = {"block=2", "epsilon=0.3", "rest=ESTIMATE"};
    assertArrayEquals(new double[] {0, 1}, taken(psa(settings), tensors));
    assertTrue(leastRetained(psa(settings), tensors) < 0.2);
    settings[2] = "rest=BOUND";
    assertArrayEquals(new double[] {1, 1}, taken(psa(settings), tensors));
  }

  @Test
  void a_smaller_epsilon_takes_more() {
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 2, 10, 10, 4);
    double[] before = taken(psa("block=2", "epsilon=1"), tensors);
    for (String epsilon : new String[] {"0.8", "0.5", "0.2", "0.05", "0.001"}) {
      double[] after = taken(psa("block=2", "epsilon=" + epsilon), tensors);
      for (int p = 0; p < after.length; p++) {
        assertTrue(after[p] >= before[p]);
      }
      before = after;
    }
  }

  @Test
  void without_an_epsilon_it_is_dense() {
    Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 5, 9, 4);
    Trials.assertDense(psa("block=2", "epsilon=0"), tensors, true);
    Trials.assertDense(psa("block=16", "epsilon=1"), tensors, true);
    Trials.assertDense(psa("block=2", "epsilon=0", "causal=false"), tensors, false);
  }

  @Test
  void equal_criticalities_are_taken_in_the_order_of_their_index() {
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 1, 8, 2);
    tensors.put("k", Tensor.full(Shape.of(1, 1, 8, 2), 0.5));
    Psa psa = psa("block=2", "epsilon=0.45");
    assertArrayEquals(new double[] {1, 1, 0, 1}, taken(psa, tensors));
    assertEquals(0, Trials.answer(psa, tensors).margin());
  }

  @Test
  void a_group_orders_by_the_largest_or_by_the_mean_of_its_criticalities() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 2, 1, 2), 1, 0, 0, 1));
    // Block 0 is worth 4 and -3 to the heads, block 1 is worth 2 and 2.
    tensors.put("k", Tensor.of(Shape.of(1, 1, 3, 2), 4, -3, 2, 2, 0, 0));
    tensors.put("v", Tensor.zeros(Shape.of(1, 1, 3, 1)));
    String[] literal = {"reading=LITERAL", "block=1", "threshold=0.1", "group=MAX"};
    assertArrayEquals(new double[] {1, 0, 1, 1, 0, 1}, taken(psa(literal), tensors));
    literal[3] = "group=MEAN";
    assertArrayEquals(new double[] {0, 1, 1, 0, 1, 1}, taken(psa(literal), tensors));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Trials.assertRefused("block is 0", Psa.class, "block=0");
    Trials.assertRefused("epsilon is 1.5", Psa.class, "epsilon=1.5");
    Trials.assertRefused("threshold is -0.1", Psa.class, "threshold=-0.1");
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 1, 8, 3);
    tensors.put("q", Tensor.full(Shape.of(1, 1, 1, 3), Double.NaN));
    Trials.assertRefused("the score of block 0 is NaN", psa(), tensors);
  }

  private static Map<String, Tensor> eighths() {
    double log2 = StrictMath.log(2);
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 1, 1), 1));
    tensors.put("k", Tensor.of(Shape.of(1, 1, 4, 1), 3 * log2, 2 * log2, 0, log2));
    tensors.put("v", Tensor.of(Shape.of(1, 1, 4, 1), 1, 2, 3, 4));
    return tensors;
  }

  private static void assertTaken(Map<String, Tensor> tensors, String epsilon, double... blocks) {
    assertArrayEquals(blocks, taken(psa("block=1", epsilon), tensors), epsilon);
  }

  private static double[] taken(Psa psa, Map<String, Tensor> tensors) {
    return Trials.choice(psa, tensors, "block_mask").toDoubles();
  }

  private static Psa psa(String... settings) {
    return Trials.make(Psa.class, settings);
  }
}
