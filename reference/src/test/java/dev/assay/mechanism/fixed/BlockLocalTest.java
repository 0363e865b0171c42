package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class BlockLocalTest {
  private static final Map<String, Tensor> TENSORS = Patterns.tensors(2, 10);

  private static BlockLocal local(String... settings) {
    return Patterns.make(BlockLocal.class, settings);
  }

  private static List<Integer> keys(int i, String... settings) {
    return Patterns.keys(local(settings), TENSORS, 0, i);
  }

  @Test
  void the_rotary_readings_differ_on_the_recorded_example() {
    var example = BlockLocalCases.all().get(2);
    int[] at = {0, 0, 2, 0};
    assertEquals(0.1607383197, Patterns.quoted(example, at), Patterns.PRINTED);
    assertEquals(0.1110369904, Patterns.quoted(example, at, "rope=PLAIN"), Patterns.PRINTED);
  }

  @Test
  void a_query_sees_whole_blocks() {
    assertEquals(List.of(0, 1, 2, 3, 4, 5, 6, 7, 8), keys(4, "block=3"));
    assertEquals(List.of(6, 7, 8, 9), keys(9, "block=3"));
    assertEquals(List.of(3, 4, 5), keys(4, "block=3", "before=0", "after=0"));
    assertEquals(List.of(0, 1, 2, 3, 4, 5), keys(5, "block=3", "causal=true"));
    assertEquals(List.of(0, 1, 2, 3), keys(3, "block=3", "causal=true"));
  }

  @Test
  void an_exact_window_is_a_sliding_one() {
    assertEquals(List.of(2, 3, 4, 5), keys(5, "block=3", "causal=true", "exactWindow=true"));
    Patterns.assertSame(
        Patterns.make(SlidingWindow.class, "window=4"),
        local("block=3", "causal=true", "exactWindow=true"),
        TENSORS);
  }

  @Test
  void a_circle_joins_the_ends() {
    assertEquals(List.of(0, 1, 2, 9), keys(1, "block=3", "circular=true", "after=0"));
    assertEquals(List.of(0, 1, 2, 6, 7, 8, 9), keys(9, "block=3", "circular=true"));
    Patterns.assertSame(
        local("block=3", "causal=true"), local("block=3", "causal=true", "circular=true"), TENSORS);
  }

  @Test
  void with_shared_keys_a_token_meets_itself_only_if_nothing_else() {
    String[] shared = {"block=3", "causal=true", "sharedQk=true"};
    assertEquals(List.of(0), keys(0, shared));
    assertEquals(List.of(0), keys(1, shared));
    assertEquals(List.of(0, 1, 2, 3, 4), keys(5, shared));
    Tensor lse = Patterns.get(Patterns.define(local(shared), TENSORS), "lse");
    Tensor q = Patterns.get(TENSORS, "q");
    Tensor k = Patterns.get(TENSORS, "k");
    double product = 0;
    double square = 0;
    for (int c = 0; c < 4; c++) {
      product += q.at(0, 1, 1, c) * k.at(0, 1, 0, c);
      square += k.at(0, 1, 0, c) * k.at(0, 1, 0, c);
    }
    assertEquals(product / StrictMath.sqrt(square) / 2, lse.at(0, 1, 1), 1e-14);
  }

  @Test
  void rotary_positions_of_a_causal_query_are_plain() {
    Patterns.assertSame(
        local("block=3", "causal=true", "rope=PLAIN"),
        local("block=3", "causal=true", "rope=END_OF_CONTEXT"),
        TENSORS);
  }

  @Test
  void enough_blocks_are_dense() {
    Patterns.assertSame(Patterns.make(Dense.class), local("block=64"), TENSORS);
    Patterns.assertSame(
        Patterns.make(Dense.class, "rope=HALF"), local("block=64", "rope=PLAIN"), TENSORS);
    Patterns.assertSame(
        Patterns.make(Dense.class, "causal=true"),
        local("block=2", "before=2147483647", "causal=true"),
        TENSORS);
  }

  @Test
  void a_decoding_query_stands_at_the_end_of_its_keys() {
    Map<String, Tensor> one = Patterns.tensors(1, 1, 1, 1, 10);
    assertEquals(List.of(6, 7, 8, 9), Patterns.keys(local("block=3", "causal=true"), one, 0, 0));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Class<BlockLocal> type = BlockLocal.class;
    Patterns.assertRefused("block", type, "block=0");
    Patterns.assertRefused("before", type, "before=-1");
    Patterns.assertRefused("circular", type, "circular=true", "exactWindow=true");
    Patterns.assertRefused("circular", type, "circular=true", "rope=PLAIN");
    Mechanism circle = local("circular=true");
    Patterns.assertRefused("there are 3 and 9", circle, Patterns.tensors(1, 1, 1, 3, 9));
  }
}
