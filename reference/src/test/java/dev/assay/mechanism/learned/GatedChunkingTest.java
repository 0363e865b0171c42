package dev.assay.mechanism.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.chunked.HierarchicalChunking;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class GatedChunkingTest {
  private static final int N = 7;

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = Runs.find("gated-chunking", "precise").tensors();
    assertEquals(-0.2728428915, out(Runs.make(GatedChunking.class), tensors).get(0), PRINTED);
    Mechanism literal = Runs.find("gated-chunking", "literal").mechanism();
    assertEquals(-0.4892657015, out(literal, tensors).get(0), PRINTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"JOINT", "SUM", "SEQUENTIAL"})
  void with_all_heads_on_it_is_chunking(String combination) {
    String setting = "combination=" + combination;
    Mechanism chunking = Runs.make(HierarchicalChunking.class, "sizeRule=FIXED", "size=3", setting);
    Map<String, Tensor> plain = Runs.qkv(2, N, 4);
    Tensor expected = out(chunking, plain);
    Tensor found = out(gated("mode=LITERAL_HARD", "theta=0", setting), tensors());
    Runs.assertClose("out", expected, found, 0);
  }

  @Test
  void with_one_chunk_it_is_the_head_gate() {
    for (String mode : List.of("SOFT_MULT", "LITERAL_HARD", "STE", "SOFT_TRAIN")) {
      Mechanism gate = Runs.make(HeadGate.class, "mode=" + mode);
      Map<String, Tensor> expected = Runs.define(gate, tensors());
      Map<String, Tensor> found = Runs.define(gated("mode=" + mode, "size=99"), tensors());
      expected.forEach((name, x) -> Runs.assertClose(name, x, Runs.get(found, name), 1e-15));
    }
  }

  @Test
  void a_gate_over_chunks_of_one_token_is_a_gate_over_tokens() {
    Map<String, Tensor> token = Runs.define(gated("gateOver=TOKEN", "size=1"), tensors());
    Map<String, Tensor> chunk = Runs.define(gated("gateOver=CHUNK", "size=1"), tensors());
    token.forEach((name, x) -> Runs.assertSameBits(name, x, Runs.get(chunk, name)));
  }

  @Test
  void a_gate_over_chunks_is_the_same_within_a_chunk() {
    Tensor active =
        Runs.get(Runs.define(gated("gateOver=CHUNK", "theta=0.5"), tensors()), "active");
    assertEquals(Shape.of(1, 2, N), active.shape());
    for (int p = 0; p < active.size(); p++) {
      int first = p / N * N + p % N / 3 * 3;
      assertEquals(active.get(first), active.get(p));
    }
  }

  @Test
  void an_inactive_head_gives_zero_even_where_values_pass_through() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("active", Tensor.of(Shape.of(1, 2, 1), 0, 1));
    Tensor out = out(gated("tail=PASS_THROUGH"), tensors);
    for (int i = 0; i < N; i++) {
      assertTrue(out.at(0, 0, i, 1) == 0);
      assertTrue(out.at(0, 1, i, 1) != 0);
    }
  }

  @Test
  void what_sees_the_future_says_so() {
    assertFalse(gated("causal=true").leak().isEmpty());
    assertFalse(gated("causal=true", "gateOver=CHUNK").leak().isEmpty());
    assertFalse(gated("causal=true", "gateOver=TOKEN", "neighbours=LEARNED").leak().isEmpty());
    assertEquals("", gated("causal=true", "gateOver=PREFIX").leak());
    assertEquals("", gated().leak());
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertThrows(IllegalArgumentException.class, () -> gated("size=0"));
    assertThrows(IllegalArgumentException.class, () -> gated("keepAtLeast=-1"));
    Map<String, Tensor> tensors = tensors();
    tensors.put("w_gate", Tensor.zeros(Shape.of(3, 8)));
    Runs.assertRefused("w_gate has shape", gated(), tensors);
    Runs.assertRefused("GATED needs", gated("combination=GATED"), tensors());
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new LinkedHashMap<>(Runs.qkv(2, N, 4));
    tensors.put("w_gate", Runs.draw("w_gate", 2, 8));
    return tensors;
  }

  private static Mechanism gated(String... settings) {
    List<String> all = new ArrayList<>(List.of("sizeRule=FIXED", "size=3"));
    all.addAll(List.of(settings));
    return Runs.make(GatedChunking.class, all.toArray(String[]::new));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Runs.get(Runs.define(mechanism, tensors), "out");
  }
}
