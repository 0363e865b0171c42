package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class LongformerTest {
  private static final int N = 9;

  private static Longformer longformer(String... settings) {
    return Patterns.make(Longformer.class, settings);
  }

  private static Map<String, Tensor> tensors(int... global) {
    Map<String, Tensor> tensors = Patterns.tensors(2, N);
    List<Integer> listed = Arrays.stream(global).boxed().toList();
    tensors.put("global", KeepMask.where(Shape.of(1, N), x -> listed.contains(x[1])));
    return tensors;
  }

  private static Map<String, Tensor> projected(int... global) {
    Map<String, Tensor> tensors = tensors(global);
    for (String name : List.of("q_global", "k_global", "v_global")) {
      tensors.put(name, Patterns.draw(name, Shape.of(1, 2, N, 4)));
    }
    return tensors;
  }

  private static List<Integer> keys(int h, int i, String... settings) {
    return Patterns.keys(longformer(settings), Patterns.tensors(2, N), h, i);
  }

  @Test
  void the_countings_differ_on_the_recorded_example() {
    var example = LongformerCases.all().getFirst();
    int[] at = {0, 0, 5, 0};
    assertEquals(0.4057024910, Patterns.quoted(example, at), Patterns.PRINTED);
    assertEquals(
        0.2203188966, Patterns.quoted(example, at, "counting=ONE_SIDED"), Patterns.PRINTED);
    assertEquals(0.5417703065, Patterns.quoted(example, at, "counting=LRA"), Patterns.PRINTED);
  }

  @Test
  void a_window_of_four_has_five_nine_or_four_keys() {
    assertEquals(List.of(2, 3, 4, 5, 6), keys(0, 4, "window=4"));
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), keys(0, 4, "window=4", "counting=ONE_SIDED"));
    assertEquals(List.of(3, 4, 5, 6), keys(0, 4, "window=4", "counting=LRA"));
    assertEquals(List.of(3, 4, 5), keys(0, 4, "window=3", "counting=LRA"));
  }

  @Test
  void blocks_without_overlap_are_three_whole_ones() {
    assertEquals(List.of(0, 1, 2, 3, 4, 5), keys(0, 3, "window=4", "local=NO_OVERLAP"));
    assertEquals(List.of(6, 7, 8), keys(0, 8, "window=4", "local=NO_OVERLAP"));
  }

  @Test
  void dilated_heads_are_the_last_ones() {
    String[] dilated = {"window=4", "dilation=2", "dilatedHeads=1"};
    assertEquals(List.of(2, 3, 4, 5, 6), keys(0, 4, dilated));
    assertEquals(List.of(0, 2, 4, 6, 8), keys(1, 4, dilated));
    assertEquals(List.of(0, 2, 4, 6, 8), keys(0, 4, "window=4", "dilation=2"));
  }

  @Test
  void a_window_is_that_of_sliding_window_attention() {
    Map<String, Tensor> tensors = Patterns.tensors(2, N);
    Patterns.assertSame(
        Patterns.make(SlidingWindow.class, "window=3", "causal=false"),
        longformer("window=4"),
        tensors);
    Patterns.assertSame(
        Patterns.make(SlidingWindow.class, "window=3"),
        longformer("window=4", "causal=true"),
        tensors);
  }

  @Test
  void with_every_token_global_it_is_dense_over_the_global_projections() {
    Map<String, Tensor> tensors = projected(0, 1, 2, 3, 4, 5, 6, 7, 8);
    Map<String, Tensor> dense = new HashMap<>(tensors);
    for (String name : List.of("q", "k", "v")) {
      dense.put(name, Patterns.get(tensors, name + "_global"));
    }
    Map<String, Tensor> expected = Patterns.define(Patterns.make(Dense.class), dense);
    Map<String, Tensor> found = Patterns.define(longformer("window=2"), tensors);
    Patterns.assertSameBits("lse", Patterns.get(expected, "lse"), Patterns.get(found, "lse"));
    Tensor out = Patterns.get(expected, "out");
    for (int p = 0; p < out.size(); p++) {
      assertEquals(out.get(p), Patterns.get(found, "out").get(p));
      assertEquals(Patterns.get(expected, "dk").get(p), Patterns.get(found, "dk_global").get(p));
      assertEquals(0, Patterns.get(found, "dk").get(p));
    }
  }

  @Test
  void global_projections_learn_from_global_rows_alone() {
    Map<String, Tensor> results = Patterns.define(longformer("window=2"), projected(4));
    Tensor dq = Patterns.get(results, "dq_global");
    for (int p = 0; p < dq.size(); p++) {
      assertEquals(dq.shape().index(p)[2] == 4, dq.get(p) != 0);
    }
    assertEquals(0, Patterns.get(results, "dq").at(0, 0, 4, 1));
    assertTrue(Patterns.get(results, "dk_global").at(0, 0, 8, 1) != 0);
    assertTrue(Patterns.get(results, "dk").at(0, 0, 4, 1) != 0, "others see it through k");
  }

  @Test
  void a_global_token_within_the_window_counts_once() {
    Map<String, Tensor> tensors = tensors(4);
    Tensor marked = Patterns.get(Patterns.define(longformer("window=4"), tensors), "out");
    Tensor plain =
        Patterns.get(Patterns.define(longformer("window=4"), Patterns.tensors(2, N)), "out");
    for (int c = 0; c < 4; c++) {
      assertEquals(plain.at(0, 0, 5, c), marked.at(0, 0, 5, c));
    }
  }

  @Test
  void causal_global_tokens_neither_see_nor_are_seen_ahead() {
    Mechanism causal = longformer("window=2", "causal=true");
    assertEquals(List.of(0, 1, 2, 3), Patterns.keys(causal, tensors(3), 0, 3));
    assertEquals(List.of(1, 2), Patterns.keys(causal, tensors(3), 0, 2));
    assertEquals(List.of(3, 6, 7), Patterns.keys(causal, tensors(3), 0, 7));
  }

  @Test
  void rows_of_no_global_token_never_read_its_query() {
    Map<String, Tensor> tensors = projected(4);
    Map<String, Tensor> clean = Patterns.define(longformer(), tensors);
    Tensor q = Patterns.get(tensors, "q");
    tensors.put(
        "q", Tensor.generate(q.shape(), p -> q.shape().index(p)[2] == 4 ? Double.NaN : q.get(p)));
    Tensor far = Patterns.get(tensors, "q_global");
    tensors.put(
        "q_global",
        Tensor.generate(far.shape(), p -> far.shape().index(p)[2] == 4 ? far.get(p) : Double.NaN));
    Patterns.define(longformer(), tensors)
        .forEach((name, x) -> Patterns.assertSameBits(name, Patterns.get(clean, name), x));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Class<Longformer> type = Longformer.class;
    Patterns.assertRefused("must be even", type, "window=3");
    Patterns.assertRefused("at least 1", type, "window=0", "counting=LRA");
    Patterns.assertRefused("NO_OVERLAP", type, "local=NO_OVERLAP", "dilation=2");
    Patterns.assertRefused("dilatedHeads", type, "dilatedHeads=-2");
    Map<String, Tensor> one = tensors(0);
    one.put("q_global", Patterns.draw("q_global", Shape.of(1, 2, N, 4)));
    Patterns.assertRefused("give all three", longformer(), one);
    Map<String, Tensor> shape = tensors();
    shape.put("global", Tensor.zeros(Shape.of(2, N)));
    Patterns.assertRefused("global has shape", longformer(), shape);
    Patterns.assertRefused("9 keys", longformer(), Patterns.tensors(1, 1, 1, 3, 9));
  }
}
