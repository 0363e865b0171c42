package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SparseTransformerTest {
  private static final Map<String, Tensor> TENSORS = Patterns.tensors(4, 10);

  private static SparseTransformer sparse(String... settings) {
    return Patterns.make(SparseTransformer.class, settings);
  }

  private static List<Integer> keys(int h, int i, String... settings) {
    return Patterns.keys(sparse(settings), TENSORS, h, i);
  }

  @Test
  void the_readings_differ_on_the_recorded_example() {
    var example = SparseTransformerCases.all().get(4);
    int[] at = {0, 0, 7, 0};
    assertEquals(0.9048885409, Patterns.quoted(example, at), Patterns.PRINTED);
    assertEquals(0.8413914546, Patterns.quoted(example, at, "reading=PAPER"), Patterns.PRINTED);
  }

  @Test
  void merged_with_the_strides_the_local_sets_of_paper_and_code_are_the_same() {
    assertEquals(keys(0, 9, "stride=3"), keys(0, 9, "stride=3", "reading=OPENAI"));
  }

  @Test
  void strided_looks_back_a_stride_and_then_in_strides() {
    assertEquals(List.of(0, 3, 6, 7, 8, 9), keys(0, 9, "stride=3"));
    assertEquals(List.of(0, 1, 2), keys(0, 2, "stride=3"));
  }

  @Test
  void the_local_set_of_the_paper_has_one_key_more_than_that_of_the_code() {
    assertEquals(List.of(6, 7, 8, 9), keys(0, 9, "stride=3", "combination=FIRST"));
    assertEquals(List.of(7, 8, 9), keys(0, 9, "stride=3", "combination=FIRST", "reading=OPENAI"));
  }

  @Test
  void fixed_sees_its_own_stretch_and_the_last_columns_of_all_before() {
    String[] fixed = {"pattern=FIXED", "stride=4", "columns=2"};
    assertEquals(List.of(2, 3, 6, 7, 8, 9), keys(0, 9, fixed));
    assertEquals(List.of(0, 1, 2), keys(0, 2, fixed));
  }

  @Test
  void long_range_arena_has_the_first_column_of_each_stretch_too() {
    assertEquals(List.of(0, 3, 4, 7, 8, 9), keys(0, 9, "pattern=FIXED", "stride=4", "reading=LRA"));
  }

  @Test
  void heads_take_turns_through_groups_of_columns() {
    String[] turns = {"pattern=FIXED", "stride=4", "columns=2", "variants=2", "combination=SECOND"};
    assertEquals(List.of(2, 3, 6, 7), keys(0, 9, turns));
    assertEquals(List.of(0, 1, 4, 5, 8, 9), keys(1, 9, turns));
    assertEquals(keys(0, 9, turns), keys(2, 9, turns));
  }

  @Test
  void even_heads_are_local_and_odd_heads_far() {
    String[] heads = {"stride=3", "combination=HEADS"};
    assertEquals(List.of(5, 6, 7, 8), keys(2, 8, heads));
    assertEquals(List.of(2, 5, 8), keys(3, 8, heads));
  }

  @Test
  void rows_before_the_first_summary_column_are_empty_in_the_second_pattern_alone() {
    Mechanism second = sparse("pattern=FIXED", "stride=4", "combination=SECOND");
    Map<String, Tensor> results = Patterns.define(second, TENSORS);
    for (int i = 0; i < 3; i++) {
      assertEquals(Double.NEGATIVE_INFINITY, Patterns.get(results, "lse").at(0, 0, i));
      assertEquals(0, Patterns.get(results, "out").at(0, 0, i, 1));
      assertEquals(0, Patterns.get(results, "dq").at(0, 0, i, 1));
    }
    assertTrue(Patterns.get(results, "lse").at(0, 0, 3) > Double.NEGATIVE_INFINITY);
  }

  @Test
  void a_stride_longer_than_the_sequence_is_dense_causal_attention() {
    Mechanism dense = Patterns.make(Dense.class, "causal=true");
    Patterns.assertSame(dense, sparse("stride=64"), TENSORS);
    Patterns.assertSame(dense, sparse("stride=64", "pattern=FIXED"), TENSORS);
    Patterns.assertSame(dense, sparse("stride=1"), TENSORS);
  }

  @Test
  void the_class_token_sees_all_and_is_seen_by_all() {
    String[] token = {"pattern=FIXED", "stride=3", "clsToken=true"};
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8, 9), keys(0, 0, token));
    assertEquals(List.of(0, 3, 4, 5), keys(0, 5, token));
  }

  @Test
  void a_decoding_query_gives_the_last_row_of_the_prefill() {
    for (String pattern : List.of("STRIDED", "FIXED")) {
      Mechanism sparse = sparse("stride=3", "pattern=" + pattern);
      Map<String, Tensor> last = Patterns.tensors(1, 4, 4, 1, 10);
      Tensor q = Patterns.get(TENSORS, "q");
      last.put(
          "q", Tensor.generate(Patterns.get(last, "q").shape(), p -> q.at(0, p / 4, 9, p % 4)));
      last.put("k", Patterns.get(TENSORS, "k"));
      last.put("v", Patterns.get(TENSORS, "v"));
      Tensor whole = Patterns.get(Patterns.define(sparse, TENSORS), "out");
      Tensor decoded = Patterns.get(Patterns.define(sparse, last), "out");
      for (int p = 0; p < decoded.size(); p++) {
        assertEquals(whole.at(0, p / 4, 9, p % 4), decoded.get(p));
      }
    }
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Class<SparseTransformer> type = SparseTransformer.class;
    Patterns.assertRefused("stride", type, "stride=0");
    Patterns.assertRefused("columns", type, "columns=0");
    Patterns.assertRefused(
        "do not fit", type, "pattern=FIXED", "stride=4", "columns=3", "variants=2");
    Patterns.assertRefused("scale", type, "scale=NaN");
  }
}
