package dev.assay.mechanism.pruned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Inputs;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.Map;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class H2oTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = H2oCases.all().getFirst().tensors();
    H2o precise = h2o("prompt=4", "heavy=2", "recent=1");
    H2o literal = h2o("prompt=4", "heavy=2", "recent=1", "reading=LITERAL");
    assertEquals(-0.3031594979, Trials.out(precise, tensors).at(0, 0, 4, 0), Trials.PRINTED);
    assertEquals(0.4129014474, Trials.out(literal, tensors).at(0, 0, 4, 0), Trials.PRINTED);
  }

  /** With equal logits a row spreads its weight evenly, so that scores can be added by hand. */
  @Test
  void equal_logits_evict_the_youngest_of_the_old_keys() {
    H2o h2o = h2o("prompt=3", "heavy=1", "recent=1");
    Map<String, Tensor> tensors = even(1, 6);
    Tensor kept = Trials.choice(h2o, tensors, "kept");
    assertRow(kept, 2, 0, 1, 2);
    // Scores 11/6, 5/6, 1/3: key 2 is recent, key 0 heavy, key 1 goes.
    assertRow(kept, 3, 0, 2, 3);
    // Key 2 has 1/3 + 1/3, less than key 0; and so on.
    assertRow(kept, 4, 0, 3, 4);
    assertRow(kept, 5, 0, 4, 5);
    HeavyHitters hitters = run(h2o, tensors, null);
    assertArrayEquals(
        new double[] {11 / 6.0 + 1, -1, -1, -1, -1, 1 / 3.0}, hitters.scores().toDoubles(), 1e-15);
  }

  @Test
  void dividing_by_the_number_of_rows_takes_away_the_advantage_of_early_keys() {
    Map<String, Tensor> tensors = even(1, 6);
    double[] k = new double[6];
    k[2] = 50;
    tensors.put("k", Tensor.of(Shape.of(1, 1, 6, 1), k));
    Tensor sum = Trials.choice(h2o("prompt=4", "heavy=1", "recent=0"), tensors, "kept");
    Tensor mean =
        Trials.choice(h2o("prompt=4", "heavy=1", "recent=0", "norm=true"), tensors, "kept");
    // Key 2 has rows 2 and 3: 2 against 1.5, and it leads either way.
    assertRow(sum, 4, 2, 4);
    assertRow(mean, 4, 2, 4);
    k[2] = 0;
    k[3] = 50;
    tensors.put("k", Tensor.of(Shape.of(1, 1, 6, 1), k));
    // Key 3 has one row: 1 against 11/6 of key 0, but 1 against 11/24 as means.
    sum = Trials.choice(h2o("prompt=4", "heavy=1", "recent=0"), tensors, "kept");
    mean = Trials.choice(h2o("prompt=4", "heavy=1", "recent=0", "norm=true"), tensors, "kept");
    assertRow(sum, 4, 0, 4);
    assertRow(mean, 4, 3, 4);
  }

  @Test
  void old_scores_fade() {
    Map<String, Tensor> tensors = even(1, 3);
    HeavyHitters hitters = run(h2o("prompt=1", "heavy=9", "decay=0.5"), tensors, null);
    // ((1 / 2 + 1/2) / 2 + 1/3, (1/2) / 2 + 1/3, 1/3)
    assertArrayEquals(
        new double[] {0.5 + 1 / 3.0, 0.25 + 1 / 3.0, 1 / 3.0}, hitters.scores().toDoubles(), 1e-15);
  }

  @Test
  void a_cache_that_never_fills_is_dense() {
    Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 8, 8, 4);
    Trials.assertDense(h2o("prompt=2", "heavy=4", "recent=4"), tensors, true);
    Trials.assertDense(h2o("prompt=8", "heavy=1", "recent=1"), tensors, true);
    Trials.assertDense(h2o("prompt=2", "recent=0", "heavy=1", "reading=LITERAL"), tensors, true);
  }

  @Test
  void an_evicted_key_never_comes_back_and_the_cache_keeps_its_size() {
    Map<String, Tensor> tensors = Trials.tensors(1, 4, 2, 12, 12, 4);
    Tensor kept = Trials.choice(h2o("prompt=5", "heavy=2", "recent=2"), tensors, "kept");
    for (int h = 0; h < 4; h++) {
      for (int i = 5; i < 12; i++) {
        int size = 0;
        for (int j = 0; j <= i; j++) {
          size += (int) kept.at(0, h, i, j);
          assertTrue(j == i || kept.at(0, h, i - 1, j) >= kept.at(0, h, i, j));
          assertEquals(kept.at(0, h / 2 * 2, i, j), kept.at(0, h, i, j), "one cache a group");
        }
        assertEquals(5, size, "two heavy, two recent and its own");
      }
    }
  }

  @Test
  void decoding_resumes_from_scores() {
    Map<String, Tensor> tensors = Trials.tensors(2, 4, 2, 10, 10, 4);
    tensors.remove("d_out");
    tensors.remove("d_lse");
    H2o h2o = h2o("prompt=4", "heavy=2", "recent=1", "decay=0.8", "norm=true");
    Tensor whole = Trials.out(h2o, tensors);
    for (int split : new int[] {2, 3, 4, 5, 7}) {
      Map<String, Tensor> first = part(tensors, 0, split);
      Map<String, Tensor> rest = part(tensors, split, 10);
      rest.put("past_score", run(h2o, first, null).scores());
      Results.assertSameBits("out", QuestTest.tokens(whole, 0, split), Trials.out(h2o, first));
      Results.assertSameBits("out", QuestTest.tokens(whole, split, 10), Trials.out(h2o, rest));
    }
  }

  private static Map<String, Tensor> part(Map<String, Tensor> tensors, int from, int to) {
    Map<String, Tensor> part = new HashMap<>();
    part.put("q", QuestTest.tokens(Results.get(tensors, "q"), from, to));
    part.put("k", QuestTest.tokens(Results.get(tensors, "k"), 0, to));
    part.put("v", QuestTest.tokens(Results.get(tensors, "v"), 0, to));
    return part;
  }

  @Test
  void the_batch_decides_together_only_in_the_literal_reading() {
    Map<String, Tensor> both = H2oCases.all().getFirst().tensors();
    Map<String, Tensor> first = new HashMap<>();
    both.forEach(
        (name, x) -> first.put(name, Tensor.generate(x.shape().with(0, 1), p -> x.get(p))));
    String[] sizes = {"prompt=4", "heavy=2", "recent=1"};
    String[] literal = {"prompt=4", "heavy=2", "recent=1", "reading=LITERAL"};
    assertTrue(sameStart(h2o(sizes), first, both));
    assertFalse(sameStart(h2o(literal), first, both));
    Results.assertSameBits("out", Trials.out(h2o(sizes), first), Trials.out(h2o(literal), first));
  }

  private static boolean sameStart(H2o h2o, Map<String, Tensor> one, Map<String, Tensor> two) {
    Tensor alone = Trials.choice(h2o, one, "kept");
    Tensor together = Trials.choice(h2o, two, "kept");
    return IntStream.range(0, alone.size()).allMatch(p -> alone.get(p) == together.get(p));
  }

  @Test
  void sinks_and_shares_of_the_prompt() {
    H2o h2o = h2o("budget=SHARE", "heavyShare=0.25", "recentShare=0.5", "prompt=5", "sinks=1");
    // One heavy, two recent, and key 0 beside them.
    Tensor kept = Trials.choice(h2o, even(1, 8), "kept");
    assertRow(kept, 5, 0, 1, 3, 4, 5);
    assertRow(kept, 7, 0, 1, 5, 6, 7);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Trials.assertRefused("heavy is -1", H2o.class, "heavy=-1");
    Trials.assertRefused("decay is 0.0", H2o.class, "decay=0");
    Trials.assertRefused("heavyShare is -0.1", H2o.class, "heavyShare=-0.1");
    Map<String, Tensor> tensors = Trials.tensors(2, 1, 1, 4, 6, 3);
    tensors.put("past_score", Tensor.of(Shape.of(1, 1, 2), 1, -2));
    Trials.assertRefused("past_score holds -2.0", h2o(), tensors);
    tensors.put("past_score", Tensor.zeros(Shape.of(1, 2)));
    Trials.assertRefused("past_score has shape", h2o(), tensors);
    tensors.put("past_score", Tensor.zeros(Shape.of(1, 1, 1)));
    Trials.assertRefused("at least 2] is needed", h2o(), tensors);
    Trials.assertRefused("prompt is 0", H2o.class, "budget=SHARE", "prompt=0");
    tensors.remove("past_score");
    tensors.put("kept", Tensor.zeros(Shape.of(1, 1, 4, 4)));
    Trials.assertRefused("[B, H, 4, 6] is needed", h2o(), tensors);
    tensors.remove("kept");
    tensors.put("k_lens", Tensor.of(Shape.of(2), 6, 5));
    Trials.assertRefused("batch entry 1 has other lengths", h2o("reading=LITERAL"), tensors);
    Map<String, Tensor> unclear = even(1, 6);
    unclear.put("q", Tensor.full(Shape.of(1, 1, 6, 1), Double.NaN));
    Trials.assertRefused("NaN", h2o("prompt=2", "heavy=1", "recent=1"), unclear);
  }

  /** Queries of 1 and keys of 0. */
  private static Map<String, Tensor> even(int batches, int n) {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.full(Shape.of(batches, 1, n, 1), 1));
    tensors.put("k", Tensor.zeros(Shape.of(batches, 1, n, 1)));
    tensors.put("v", Tensor.zeros(Shape.of(batches, 1, n, 1)));
    return tensors;
  }

  private static void assertRow(Tensor kept, int i, int... keys) {
    assertArrayEquals(
        keys,
        IntStream.range(0, kept.shape().extent(3)).filter(j -> kept.at(0, 0, i, j) != 0).toArray());
  }

  private static HeavyHitters run(
      H2o h2o, Map<String, Tensor> tensors, @org.jspecify.annotations.Nullable Tensor past) {
    Inputs inputs = Inputs.on(new Tape(), h2o, tensors);
    HeavyHitters hitters =
        new HeavyHitters(h2o, Pruned.problem(inputs, true, h2o.scale()), new Margin());
    hitters.run(past);
    return hitters;
  }

  private static H2o h2o(String... settings) {
    return Trials.make(H2o.class, settings);
  }
}
