package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Inputs;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

class QuestTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = QuestCases.all().getFirst().tensors();
    String[] sizes = {"page=3", "budget=6", "minPages=1"};
    assertEquals(-0.3109215004, Trials.out(quest(sizes), tensors).at(0, 1, 0, 0), Trials.PRINTED);
    assertEquals(-0.4535090865, Trials.out(literal(sizes), tensors).at(0, 1, 0, 0), Trials.PRINTED);
  }

  @Test
  void two_pages_are_bounded_by_hand() {
    // Page 0 holds (1, 0) and (0, 2), page 1 holds (-1, 3): U = max(2, 0) + max(0, -2) and -2 - 3.
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 1, 2), 2, -1));
    tensors.put("k", Tensor.of(Shape.of(1, 1, 3, 2), 1, 0, 0, 2, -1, 3));
    tensors.put("v", Tensor.of(Shape.of(1, 1, 3, 1), 1, 2, 4));
    HeadRows head = head(tensors);
    assertEquals(2, PageBounds.above(head, 0, 0, 2));
    assertEquals(-5, PageBounds.above(head, 0, 2, 3));
    Quest quest = literal("page=2", "budget=2", "minPages=1");
    assertArrayEquals(new double[] {1, 0}, pages(quest, tensors));
    assertEquals(7, Trials.answer(quest, tensors).margin());
    assertArrayEquals(
        new double[] {0, 1}, pages(quest("page=2", "budget=2", "minPages=1"), tensors));
  }

  @Test
  void no_key_of_a_page_scores_above_its_bound_and_a_page_of_one_key_meets_it() {
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 2, 5, 12, 6);
    for (int h = 0; h < 2; h++) {
      HeadRows head = new HeadRows(head(tensors).problem(), 0, h);
      for (int i = 0; i < 5; i++) {
        for (int j = 0; j < 12; j++) {
          double score = head.logit(i, j) * Math.sqrt(6);
          double rounding = 1e-15 * 6;
          double before = Double.NEGATIVE_INFINITY;
          for (int size = 1; size <= 4 && j + size <= 12; size++) {
            double bound = PageBounds.above(head, i, j, j + size);
            assertTrue(bound >= score - rounding);
            assertTrue(bound >= before, "a key more never lowers the bound");
            before = bound;
          }
          assertEquals(score, PageBounds.above(head, i, j, j + 1), 10 * rounding);
        }
      }
    }
  }

  @Test
  void with_the_budget_of_the_whole_cache_it_is_dense() {
    Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 3, 11, 4);
    Trials.assertDense(quest("page=3", "budget=12"), tensors, true);
    Trials.assertDense(literal("page=3", "budget=12"), tensors, true);
    Trials.assertDense(quest("page=16", "budget=0", "minPages=1"), tensors, true);
  }

  @Test
  void decoding_one_by_one_gives_the_rows_of_a_prefill() {
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 2, 9, 9, 4);
    tensors.remove("d_out");
    tensors.remove("d_lse");
    Quest quest = quest("page=2", "budget=4", "minPages=1");
    Tensor whole = Trials.out(quest, tensors);
    for (int t = 0; t < 9; t++) {
      Map<String, Tensor> step = new HashMap<>();
      step.put("q", tokens(Results.get(tensors, "q"), t, t + 1));
      step.put("k", tokens(Results.get(tensors, "k"), 0, t + 1));
      step.put("v", tokens(Results.get(tensors, "v"), 0, t + 1));
      Results.assertSameBits("out", tokens(whole, t, t + 1), Trials.out(quest, step));
    }
  }

  static Tensor tokens(Tensor x, int from, int to) {
    Shape shape = x.shape().with(2, to - from);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          at[2] += from;
          return x.at(at);
        });
  }

  @Test
  void the_heads_of_a_group_choose_together_and_literally_each_for_itself() {
    Map<String, Tensor> tensors = Trials.tensors(1, 2, 1, 1, 8, 2);
    tensors.put("q", Tensor.of(Shape.of(1, 2, 1, 2), 1, 0, 0, 1));
    // Head 0 looks for channel 0, which page 1 has most of; head 1 for channel 1: page 2.
    tensors.put(
        "k", Tensor.of(Shape.of(1, 1, 8, 2), 0, 0, 0, 0, 3, 0, 0, 0, 0, 2, 0, 0, 0, 0, 0, 0));
    String[] sizes = {"page=2", "budget=4", "minPages=1"};
    assertArrayEquals(new double[] {0, 1, 0, 1, 0, 1, 0, 1}, pages(quest(sizes), tensors));
    String[] one = {"page=2", "budget=2", "minPages=1"};
    assertArrayEquals(new double[] {0, 1, 0, 0, 0, 0, 1, 0}, pages(literal(one), tensors));
  }

  @Test
  void forced_pages_are_kept_even_if_the_budget_is_smaller() {
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 1, 8, 3);
    Quest quest = quest("page=2", "budget=0", "minPages=0", "firstPage=true");
    assertArrayEquals(new double[] {1, 0, 0, 1}, pages(quest, tensors));
    assertEquals(Double.POSITIVE_INFINITY, Trials.answer(quest, tensors).margin());
  }

  @Test
  void without_a_page_the_row_is_empty() {
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 1, 8, 3);
    Map<String, Tensor> found = Trials.define(literal("page=2", "budget=0", "minPages=0"), tensors);
    assertEquals(0, Results.get(found, "out").get(1));
    assertEquals(Double.NEGATIVE_INFINITY, Results.get(found, "lse").get(0));
    Results.assertSameBits("dq", Tensor.zeros(Shape.of(1, 1, 1, 3)), Results.get(found, "dq"));
  }

  @Test
  void equal_bounds_choose_the_lower_page_with_no_margin() {
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 1, 6, 3);
    tensors.put("k", Tensor.full(Shape.of(1, 1, 6, 3), 1));
    Quest quest = literal("page=2", "budget=2", "minPages=1");
    assertArrayEquals(new double[] {1, 0, 0}, pages(quest, tensors));
    assertEquals(0, Trials.answer(quest, tensors).margin());
  }

  @Test
  void a_dense_prefill_reads_every_page_and_decoding_does_not() {
    String[] sizes = {"page=2", "budget=2", "minPages=1", "densePrefill=true"};
    Trials.assertDense(quest(sizes), Trials.tensors(1, 1, 1, 2, 8, 3), true);
    assertArrayEquals(
        new double[] {0, 0, 0, 1}, pages(quest(sizes), Trials.tensors(1, 1, 1, 1, 8, 3)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Trials.assertRefused("page is 0", Quest.class, "page=0");
    Trials.assertRefused("budget is -1", Quest.class, "budget=-1");
    Trials.assertRefused("scale is -1.0", Quest.class, "scale=-1");
    Map<String, Tensor> tensors = Trials.tensors(1, 1, 1, 1, 8, 3);
    tensors.put("q", Tensor.full(Shape.of(1, 1, 1, 3), Double.NaN));
    Trials.assertRefused("the score of page 0 is NaN", quest(), tensors);
    Map<String, Tensor> given = Trials.tensors(1, 1, 1, 1, 8, 3);
    given.put("block_mask", Tensor.zeros(Shape.of(1, 1, 1, 3)));
    Trials.assertRefused("[B, H, 1, 4] is needed", quest("page=2"), given);
    given.put("block_mask", Tensor.full(Shape.of(1, 1, 1, 4), 0.5));
    Trials.assertRefused("block_mask holds 0.5", quest("page=2"), given);
  }

  private static HeadRows head(Map<String, Tensor> tensors) {
    Inputs inputs = Inputs.on(new Tape(), quest(), tensors);
    AttentionProblem problem = Pruned.problem(inputs, false, 0);
    return new HeadRows(problem, 0, 0);
  }

  private static double[] pages(Quest quest, Map<String, Tensor> tensors) {
    return Trials.choice(quest, tensors, "block_mask").toDoubles();
  }

  private static Quest quest(String... settings) {
    return Trials.make(Quest.class, settings);
  }

  private static Quest literal(String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "reading=LITERAL";
    return quest(all);
  }
}
