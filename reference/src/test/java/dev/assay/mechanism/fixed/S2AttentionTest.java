package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class S2AttentionTest {
  private static final int N = 12;
  private static final Map<String, Tensor> TENSORS = Patterns.tensors(4, N);

  private static S2Attention sharded(String... settings) {
    return Patterns.make(S2Attention.class, settings);
  }

  private static List<Integer> keys(int h, int i, String... settings) {
    return Patterns.keys(sharded(settings), TENSORS, h, i);
  }

  @Test
  void the_readings_differ_on_the_recorded_example() {
    var example = S2AttentionCases.all().get(2);
    int[] at = {0, 2, 11, 0};
    assertEquals(-0.4549061569, Patterns.quoted(example, at), Patterns.PRINTED);
    assertEquals(
        -0.4230385794, Patterns.quoted(example, at, "spread=QUERY_HEADS"), Patterns.PRINTED);
  }

  @Test
  void heads_take_different_blocks_of_the_far_context() {
    String[] four = {"block=1", "localBlocks=1", "stride=4"};
    assertEquals(List.of(0, 4, 8, 11), keys(0, 11, four));
    assertEquals(List.of(3, 7, 11), keys(1, 11, four));
    assertEquals(List.of(2, 6, 10, 11), keys(2, 11, four));
    assertEquals(List.of(1, 5, 9, 11), keys(3, 11, four));
  }

  @Test
  void together_they_see_everything() {
    Mechanism sharded = sharded("block=1", "localBlocks=2", "stride=4");
    for (int i = 0; i < N; i++) {
      TreeSet<Integer> seen = new TreeSet<>();
      for (int h = 0; h < 4; h++) {
        seen.addAll(Patterns.keys(sharded, TENSORS, h, i));
      }
      assertEquals(IntStream.rangeClosed(0, i).boxed().toList(), List.copyOf(seen));
    }
  }

  @Test
  void query_heads_share_the_blocks_of_their_key_head() {
    Map<String, Tensor> shared = Patterns.tensors(1, 4, 2, N, N);
    Mechanism precise = sharded("block=1", "localBlocks=1", "stride=4");
    assertEquals(Patterns.keys(precise, shared, 2, 11), Patterns.keys(precise, shared, 3, 11));
    assertEquals(List.of(2, 6, 10, 11), Patterns.keys(precise, shared, 2, 11));
    Mechanism literal = sharded("block=1", "localBlocks=1", "stride=4", "spread=QUERY_HEADS");
    assertEquals(List.of(3, 7, 11), Patterns.keys(literal, shared, 2, 11));
  }

  @Test
  void a_block_that_a_head_has_left_behind_is_never_needed_again() {
    assertTrue(dropsForGood(sharded("block=1", "localBlocks=2", "stride=4")));
    assertFalse(dropsForGood(sharded("block=1", "localBlocks=2", "stride=4", "places=RELATIVE")));
  }

  private static boolean dropsForGood(Mechanism mechanism) {
    for (int i = 1; i < N; i++) {
      TreeSet<Integer> come = new TreeSet<>(Patterns.keys(mechanism, TENSORS, 1, i));
      come.removeAll(Patterns.keys(mechanism, TENSORS, 1, i - 1));
      if (!come.equals(new TreeSet<>(List.of(i)))) {
        return false;
      }
    }
    return true;
  }

  @Test
  void without_causality_strides_count_from_the_query() {
    String[] both = {"block=1", "localBlocks=1", "stride=4", "causal=false"};
    assertEquals(List.of(1, 5, 9), keys(0, 5, both));
    assertEquals(keys(0, 5, both), keys(3, 5, both));
    assertEquals(
        List.of(0, 4, 5, 6, 8),
        keys(
            0,
            5,
            "block=1",
            "localBlocks=1",
            "stride=4",
            "causal=false",
            "rightBlocks=2",
            "places=ABSOLUTE"));
  }

  @Test
  void dense_heads_are_the_last_ones() {
    String[] dense = {"block=1", "localBlocks=1", "stride=4", "denseHeads=1"};
    assertEquals(N, keys(3, 11, dense).size());
    assertEquals(List.of(0, 4, 8, 11), keys(0, 11, dense));
  }

  @Test
  void a_stride_of_one_is_dense() {
    Patterns.assertSame(Patterns.make(Dense.class, "causal=true"), sharded("stride=1"), TENSORS);
    Patterns.assertSame(
        Patterns.make(Dense.class, "causal=true"), sharded("localBlocks=9"), TENSORS);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Class<S2Attention> type = S2Attention.class;
    Patterns.assertRefused("localBlocks", type, "localBlocks=0");
    Patterns.assertRefused("stride", type, "stride=0");
    Patterns.assertRefused("alike", type, "denseHeads=1", "sameForAllHeads=true");
    Patterns.assertRefused("denseHeads is 5", sharded("denseHeads=5"), TENSORS);
  }
}
