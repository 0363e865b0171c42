package dev.assay.mechanism.learned;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.heads.HeadGate;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class AdaptiveSparseBlockTest {
  private static final int N = 9;

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @ParameterizedTest
  @CsvSource({"BINARY, 0.0765199116", "SOFT_LOG, -0.1383632061", "L_MULT, -0.1666607483"})
  void the_modulators_differ_on_the_recorded_example(String modulator, double first) {
    Map<String, Tensor> tensors = Runs.find("adaptive-sparse-block", "precise").tensors();
    assertEquals(first, out(block("modulator=" + modulator), tensors).get(0), PRINTED);
  }

  @ParameterizedTest
  @ValueSource(strings = {"BINARY", "SOFT_LOG", "L_MULT"})
  void with_all_heads_dense_it_is_dense_attention(String modulator) {
    for (String causal : List.of("causal=false", "causal=true")) {
      Tensor dense = out(Runs.make(Dense.class, causal), few());
      Mechanism hybrid = block("denseHeads=4", causal, "modulator=" + modulator);
      Runs.assertClose(modulator, dense, out(hybrid, tensors()), 1e-14);
    }
  }

  @Test
  void a_gate_of_one_changes_nothing_and_a_closed_one_excludes_or_not() {
    Map<String, Tensor> tensors = tensors();
    // Scores of +-1e4 are gates of 1 and 0.
    tensors.put("w_gate_k", Tensor.full(Shape.of(2, 9, 2), 1e5));
    tensors.put("w_gate_q", Tensor.full(Shape.of(2, 3, 2), 1));
    Tensor k = Runs.get(tensors, "k");
    tensors.put("k", Tensor.generate(k.shape(), p -> p / 9 % 3 == 1 ? -5 : 5 + k.get(p)));
    tensors.put("q", Tensor.full(k.shape(), 0.5));
    String[] plain = {"gateRope=false", "safeguards=false"};
    Map<String, Tensor> masked = new LinkedHashMap<>(tensors);
    masked.keySet().retainAll(List.of("q", "k", "v"));
    masked.put("mask", KeepMask.where(Shape.of(1, 1, N, N), x -> x[3] / 3 != 1));
    Tensor excluded = out(Runs.make(Dense.class), masked);
    Tensor soft = out(block("modulator=SOFT_LOG", plain[0], plain[1]), tensors);
    Runs.assertClose("log(1e-6) is nearly -inf", excluded, soft, 1e-4);
    Tensor literal = out(block("modulator=L_MULT", plain[0], plain[1]), tensors);
    assertTrue(Math.abs(literal.get(0) - excluded.get(0)) > 1e-6, "a logit of 0 has weight");
  }

  @Test
  void a_selection_of_blocks_is_dense_attention_under_its_mask() {
    Map<String, Tensor> found = Runs.define(block("causal=true"), tensors());
    Tensor blocks = Runs.get(found, "blocks");
    Map<String, Tensor> masked = few();
    masked.put(
        "mask",
        KeepMask.where(Shape.of(1, 2, N, N), x -> blocks.at(x[0], x[1], x[2] / 3, x[3] / 3) != 0));
    Tensor dense = out(Runs.make(Dense.class, "causal=true"), masked);
    Runs.assertClose("out", dense, Runs.get(found, "out"), 1e-15);
  }

  @Test
  void safeguards_dense_heads_and_protected_tokens_are_always_met() {
    Map<String, Tensor> tensors = tensors();
    Tensor alone = Runs.get(Runs.define(block("k=0", "denseHeads=1"), tensors), "blocks");
    assertArrayEquals(
        new double[] {1, 1, 1, 1, 1, 1, 1, 1, 1, 1, 0, 0, 1, 1, 0, 1, 0, 1}, alone.toDoubles());
    tensors.put("protected", KeepMask.where(Shape.of(1, N), x -> x[1] == 8));
    Tensor more = Runs.get(Runs.define(block("k=0"), tensors), "blocks");
    assertArrayEquals(
        new double[] {1, 0, 1, 1, 1, 1, 1, 0, 1, 1, 0, 1, 1, 1, 1, 1, 0, 1}, more.toDoubles());
    Map<String, Tensor> none = Runs.define(block("k=0", "safeguards=false"), tensors());
    Runs.assertSameBits("out", Tensor.zeros(Shape.of(1, 2, N, 3)), Runs.get(none, "out"));
  }

  @Test
  void a_global_budget_counts_over_rows_and_heads() {
    for (double share : new double[] {0, 0.25, 0.5, 1}) {
      Mechanism budget = block("selection=GLOBAL_BUDGET", "budget=" + share, "safeguards=false");
      Tensor blocks = Runs.get(Runs.define(budget, tensors()), "blocks");
      assertEquals(Math.ceil(share * 18), Arrays.stream(blocks.toDoubles()).sum());
    }
  }

  @Test
  void a_threshold_of_nothing_selects_everything_and_one_of_everything_the_safeguards() {
    Tensor all =
        Runs.get(Runs.define(block("selection=THRESHOLD", "threshold=0"), tensors()), "blocks");
    assertEquals(18, Arrays.stream(all.toDoubles()).sum());
    Tensor few =
        Runs.get(Runs.define(block("selection=THRESHOLD", "threshold=1"), tensors()), "blocks");
    assertEquals(10, Arrays.stream(few.toDoubles()).sum());
  }

  @Test
  void pruning_depends_on_seed_step_and_layer_and_spares_the_safeguards() {
    String[] half = {"k=9", "dropRate=0.5"};
    Tensor first = Runs.get(Runs.define(block(half), tensors()), "blocks");
    Tensor again = Runs.get(Runs.define(block(half), tensors()), "blocks");
    Runs.assertSameBits("blocks", first, again);
    for (String other : List.of("seed=1", "step=1", "layer=1")) {
      Tensor changed = Runs.get(Runs.define(block(half[0], half[1], other), tensors()), "blocks");
      assertTrue(Runs.differ(first, changed), other);
    }
    for (int row = 0; row < 3; row++) {
      assertEquals(1, first.at(0, 0, row, 0));
      assertEquals(1, first.at(0, 1, row, row));
    }
    assertTrue(Arrays.stream(first.toDoubles()).sum() < 18);
    // The numbers of one batch entry do not depend on what stands beside it.
    Map<String, Tensor> two = new LinkedHashMap<>();
    tensors()
        .forEach(
            (name, x) ->
                two.put(
                    name,
                    name.startsWith("w_")
                        ? x
                        : Tensor.generate(x.shape().with(0, 2), p -> x.get(p % x.size()))));
    Tensor both = Runs.get(Runs.define(block(half), two), "blocks");
    for (int p = 0; p < first.size(); p++) {
      assertEquals(first.get(p), both.get(p));
    }
  }

  @Test
  void straight_through_teaches_the_gate_and_detach_does_not() {
    Map<String, Tensor> through = Runs.define(block(), tensors());
    Map<String, Tensor> detached = Runs.define(block("gradient=DETACH"), tensors());
    Runs.assertSameBits("out", Runs.get(detached, "out"), Runs.get(through, "out"));
    assertTrue(Arrays.stream(Runs.get(through, "d_w_gate_k").toDoubles()).anyMatch(x -> x != 0));
    assertTrue(Arrays.stream(Runs.get(detached, "d_w_gate_k").toDoubles()).allMatch(x -> x == 0));
  }

  @Test
  void its_head_gate_is_that_of_head_gate() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("w_gate", Runs.draw("w_gate", 2, 6));
    Map<String, Tensor> plain = few();
    plain.put("w_gate", Runs.get(tensors, "w_gate"));
    Tensor expected = out(Runs.make(HeadGate.class), plain);
    Runs.assertClose("out", expected, out(block("denseHeads=2"), tensors), 1e-15);
  }

  @Test
  void the_gate_turns_pooled_vectors_by_the_start_of_their_block() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("q", Tensor.full(Shape.of(1, 2, N, 3), 1));
    tensors.put("k", Tensor.full(Shape.of(1, 2, N, 3), 1));
    AdaptiveSparseBlock block = (AdaptiveSparseBlock) block();
    Tape tape = new Tape();
    Var logits = block.gateLogits(Inputs.on(tape, block, tensors));
    // With equal contents a score depends on the distance of the blocks alone.
    assertEquals(logits.value().at(0, 0, 0, 1), logits.value().at(0, 0, 1, 2), 1e-12);
    assertTrue(Math.abs(logits.value().at(0, 0, 0, 0) - logits.value().at(0, 0, 0, 1)) > 1e-6);
    assertEquals(Shape.of(1, 2, 3, 3), block.admissible(Inputs.on(tape, block, tensors)).shape());
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("w_gate_k", Tensor.zeros(Shape.of(2, 3, 2)));
    Runs.assertRefused("w_gate_k has shape", block(), tensors);
    tensors.put("w_gate_k", Tensor.zeros(Shape.of(2, 9, 4)));
    Runs.assertRefused("w_gate_q makes them as many", block(), tensors);
    Map<String, Tensor> given = tensors();
    given.put("blocks", Tensor.zeros(Shape.of(1, 2, 3, 2)));
    Runs.assertRefused("blocks has shape", block(), given);
    Runs.assertRefused("selects none", block("modulator=SOFT_LOG"), given);
    Map<String, Tensor> broken = tensors();
    broken.put("q", Tensor.full(Shape.of(1, 2, N, 3), Double.NaN));
    Runs.assertRefused("NaN", block(), broken);
    Runs.assertRefused("NaN", block("selection=THRESHOLD"), broken);
    assertThrows(IllegalArgumentException.class, () -> block("dropRate=1"));
    assertThrows(IllegalArgumentException.class, () -> block("temperature=0"));
    assertFalse(block("causal=true").leak().isEmpty());
  }

  private static Map<String, Tensor> few() {
    Map<String, Tensor> few = tensors();
    few.keySet().retainAll(List.of("q", "k", "v"));
    return few;
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = Runs.qkv(2, N, 3);
    tensors.put("w_gate_q", Runs.draw("w_gate_q", 2, 3, 2));
    tensors.put("w_gate_k", Runs.draw("w_gate_k", 2, 9, 2));
    return tensors;
  }

  private static Mechanism block(String... settings) {
    List<String> all = new ArrayList<>(List.of("size=3", "k=1", "denseHeads=0"));
    all.addAll(List.of(settings));
    return Runs.make(AdaptiveSparseBlock.class, all.toArray(String[]::new));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Runs.get(Runs.define(mechanism, tensors), "out");
  }
}
