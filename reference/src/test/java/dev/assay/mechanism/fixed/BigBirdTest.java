package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Mechanism;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BigBirdTest {
  private static final int N = 12;

  private static BigBird bird(String... settings) {
    return Patterns.make(BigBird.class, settings);
  }

  private static Map<String, Tensor> given(double... listed) {
    Map<String, Tensor> tensors = Patterns.tensors(2, N);
    tensors.put("idx", Tensor.of(Shape.of(1, 4, listed.length / 4), listed));
    return tensors;
  }

  @Test
  void the_readings_differ_on_the_recorded_example() {
    var example = BigBirdCases.all().get(2);
    int[] at = {0, 0, 4, 0};
    assertEquals(-0.3841713729, Patterns.quoted(example, at), Patterns.PRINTED);
    assertEquals(-0.3568466683, Patterns.quoted(example, at, "reading=MULTISET"), Patterns.PRINTED);
  }

  @Test
  void a_row_of_the_middle_sees_ends_neighbours_and_what_is_given() {
    Map<String, Tensor> tensors = given(4, 4, 5, -1);
    Mechanism bird = bird("block=2");
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 8, 9, 10, 11), Patterns.keys(bird, tensors, 1, 2));
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11), Patterns.keys(bird, tensors, 1, 5));
    assertEquals(List.of(0, 1, 6, 7, 8, 9, 10, 11), Patterns.keys(bird, tensors, 0, 8));
    assertEquals(12, Patterns.keys(bird, tensors, 0, 11).size());
  }

  @Test
  void drawn_blocks_are_none_that_the_row_has_anyway() {
    Map<String, Tensor> results =
        Patterns.define(bird("block=1", "random=3", "seed=5"), Patterns.tensors(2, N));
    Tensor idx = Patterns.get(results, "idx");
    assertEquals(Shape.of(2, N - 2, 3), idx.shape());
    for (int p = 0; p < idx.size(); p++) {
      int row = idx.shape().index(p)[1] + 1;
      double column = idx.get(p);
      assertTrue(column > 0 && column < N - 1 && Math.abs(column - row) > 1, row + ": " + column);
      assertTrue(p % 3 == 0 || idx.get(p - 1) < column, "ascending");
    }
  }

  @Test
  void heads_and_seeds_draw_differently_and_the_same_seed_alike() {
    Map<String, Tensor> tensors = Patterns.tensors(2, 40);
    Tensor idx = drawn(tensors, "block=1", "random=2");
    Patterns.assertSameBits("idx", idx, drawn(tensors, "block=1", "random=2"));
    assertFalse(idx.bitEquals(drawn(tensors, "block=1", "random=2", "seed=1")));
    boolean differ = false;
    for (int p = 0; p < idx.size() / 2; p++) {
      differ |= idx.get(p) != idx.get(p + idx.size() / 2);
    }
    assertTrue(differ);
  }

  @Test
  void the_published_plan_draws_from_the_first_blocks_alone() {
    Tensor idx = drawn(Patterns.tensors(2, 40), "block=1", "random=2", "draw=FIRST_BLOCKS");
    for (int p = 0; p < idx.size(); p++) {
      assertTrue(idx.get(p) >= 1 && idx.get(p) <= 7, "block " + idx.get(p));
    }
    Tensor all = drawn(Patterns.tensors(2, 40), "block=1", "random=2");
    assertTrue(Arrays.stream(all.toDoubles()).anyMatch(column -> column > 7));
  }

  @Test
  void the_old_plan_draws_from_the_first_thousand_tokens_and_may_repeat_the_last_block() {
    assertEquals(List.of(4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), candidates(1024, 2));
    assertEquals(List.of(1, 2, 3, 7, 8, 9, 10, 11, 12, 13, 14, 15), candidates(1024, 5));
    assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12), candidates(1024, 14));
    assertEquals(List.of(1, 2, 3, 4, 5, 6, 7, 8, 9, 10, 11, 12, 13, 14, 15), candidates(4096, 40));
  }

  /** All blocks of 64 that a row may draw. */
  private static List<Integer> candidates(int tokens, int row) {
    Tensor zeros = Tensor.zeros(Shape.of(1, 1, tokens, 1));
    BigBird all = bird("block=64", "random=99", "draw=OLD_PLAN");
    int[] drawn =
        BigBirdBlocks.of(all, AttentionProblem.of(zeros, zeros, zeros).build(), null)
            .random()
            .of(0, row);
    return Arrays.stream(drawn).boxed().toList();
  }

  private static Tensor drawn(Map<String, Tensor> tensors, String... settings) {
    return Patterns.get(Patterns.define(bird(settings), tensors), "idx");
  }

  @Test
  void drawn_blocks_given_back_make_the_same_answer() {
    for (String reading : List.of("SET", "MULTISET")) {
      Mechanism bird = bird("block=1", "random=2", "reading=" + reading);
      Map<String, Tensor> tensors = Patterns.tensors(2, N);
      Map<String, Tensor> results = Patterns.define(bird, tensors);
      tensors.put("idx", Patterns.get(results, "idx"));
      Patterns.define(bird, tensors)
          .forEach((name, x) -> Patterns.assertSameBits(name, Patterns.get(results, name), x));
    }
  }

  @Test
  void evaluation_counts_block_zero_once_more_for_each_random_one() {
    Map<String, Tensor> tensors = Patterns.tensors(1, 7);
    Tensor k = Patterns.get(tensors, "k");
    tensors.put("k", Tensor.zeros(k.shape()));
    Map<String, Tensor> results =
        Patterns.define(bird("block=1", "random=2", "reading=MULTISET", "draw=ZEROS"), tensors);
    Tensor v = Patterns.get(tensors, "v");
    double sum = 3 * v.at(0, 0, 0, 1);
    for (int j : new int[] {2, 3, 4, 6}) {
      sum += v.at(0, 0, j, 1);
    }
    assertEquals(sum / 7, Patterns.get(results, "out").at(0, 0, 3, 1), 1e-14);
    assertEquals(StrictMath.log(7), Patterns.get(results, "lse").at(0, 0, 3), 1e-14);
    assertEquals(StrictMath.log(7), Patterns.get(results, "lse").at(0, 0, 0), 1e-14);
    assertEquals(StrictMath.log(6), Patterns.get(results, "lse").at(0, 0, 1), 1e-14);
  }

  @Test
  void without_duplicates_a_multiset_is_the_set() {
    Map<String, Tensor> tensors = given(4, 4, 1, 2);
    Patterns.assertSame(bird("block=2"), bird("block=2", "reading=MULTISET"), tensors);
  }

  @Test
  void few_blocks_or_enough_random_ones_are_dense() {
    Mechanism dense = Patterns.make(Dense.class);
    Map<String, Tensor> tensors = Patterns.tensors(2, N);
    Patterns.assertSame(dense, bird("block=3"), tensors);
    Patterns.assertSame(dense, bird("block=1", "random=9"), tensors);
    Patterns.assertSame(dense, bird("block=2", "random=1", "denseWhenShort=true"), tensors);
    Patterns.assertSame(
        Patterns.make(Dense.class, "causal=true"), bird("block=4", "causal=true"), tensors);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Patterns.assertRefused("block", BigBird.class, "block=0");
    Patterns.assertRefused("random", BigBird.class, "random=-1");
    Mechanism bird = bird("block=2");
    Patterns.assertRefused("idx lists 6.0", bird, given(6, 1, 1, 1));
    Patterns.assertRefused("idx lists 0.5", bird, given(1, 0.5, 1, 1));
    Patterns.assertRefused("idx lists NaN", bird, given(1, 1, 1, Double.NaN));
    Patterns.assertRefused("idx has shape", bird("block=3"), given(1, 1, 1, 1));
    Patterns.assertRefused("3 queries", bird, Patterns.tensors(1, 1, 1, 3, 9));
  }
}
