package dev.assay.mechanism.selected;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.op.Rotary;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class NativeSparseAttentionTest {
  private static final List<String> SMALL =
      List.of(
          "compressBlock=4",
          "compressStride=2",
          "selectBlock=4",
          "topN=2",
          "local=1",
          "initial=0",
          "window=2");

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = NativeSparseAttentionCases.all().getFirst().tensors();
    assertEquals(0.0262666887, Checked.out(nsa(), tensors).at(0, 0, 8, 0), Checked.PRINTED);
    assertEquals(
        0.0165289924, Checked.out(nsa("scores=LITERAL"), tensors).at(0, 0, 8, 0), Checked.PRINTED);
  }

  /** A window and a block share so many pieces of d tokens. */
  @ParameterizedTest
  @CsvSource({"4, 2, 4, NONE", "4, 2, 8, NONE", "4, 1, 2, NONE", "6, 2, 4, LEFT", "4, 2, 8, LEFT"})
  void a_block_is_worth_what_it_shares_with_each_window(int l, int d, int size, String padding) {
    NativeSparseAttention nsa =
        nsa(
            "compressBlock=" + l,
            "compressStride=" + d,
            "selectBlock=" + size,
            "padding=" + padding);
    double[] p = {0.5, 0.25, 0.125, 0.0625, 0.03125, 1, 2, 4, 8};
    int shift = padding.equals("LEFT") ? l - d : 0;
    for (int block = 0; block < 4; block++) {
      double shared = 0;
      for (int c = 0; c < p.length; c++) {
        int from = Math.max(c * d - shift, block * size);
        int to = Math.min(c * d - shift + l, (block + 1) * size);
        shared += p[c] * Math.max(0, to - from) / d;
      }
      assertEquals(shared, NsaScores.overlapping(nsa, p, block));
    }
  }

  @Test
  void the_printed_index_from_zero_counts_other_windows() {
    double[] p = {1, 10, 100, 1000, 10000};
    assertEquals(1 + 2 * 10 + 100, NsaScores.overlapping(nsa("scores=LITERAL"), p, 1));
    assertEquals(10 + 2 * 100 + 1000, NsaScores.overlapping(nsa(), p, 1));
  }

  @Test
  void with_one_size_for_all_blocks_a_score_is_the_probability_itself() {
    double[] p = {0.5, 0.25, 0.25};
    String[] same = {"compressBlock=4", "compressStride=4", "selectBlock=4"};
    for (int block = 0; block < 3; block++) {
      assertEquals(p[block], NsaScores.overlapping(nsa(same), p, block));
    }
  }

  @Test
  void the_selected_branch_with_every_block_is_dense() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    gates(tensors, 0, 1, 0);
    Checked.assertSame(
        Checked.define(Settings.make(Dense.class, Map.of("causal", "true")), withoutLse(tensors)),
        Checked.define(nsa("gate=GIVEN", "topN=3"), tensors),
        "out",
        "dq",
        "dk",
        "dv");
  }

  @Test
  void the_window_branch_alone_is_a_sliding_window() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    gates(tensors, 0, 0, 1);
    Checked.assertSame(
        Checked.define(new SlidingWindow(2, true, 0, 0), withoutLse(tensors)),
        Checked.define(nsa("gate=GIVEN"), tensors),
        "out",
        "dq",
        "dk",
        "dv");
  }

  @Test
  void windows_of_one_token_make_the_compressed_branch_dense() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    gates(tensors, 1, 0, 0);
    Mechanism one = nsa("gate=GIVEN", "compressBlock=1", "compressStride=1");
    Checked.assertSame(
        Checked.define(Settings.make(Dense.class, Map.of("causal", "true")), withoutLse(tensors)),
        Checked.define(one, tensors),
        "out",
        "dq",
        "dk",
        "dv");
  }

  @Test
  void compressed_keys_are_turned_by_their_first_token() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    gates(tensors, 1, 0, 0);
    String[] one = {"gate=GIVEN", "compressBlock=1", "compressStride=1", "compressedRope=HALF"};
    Tensor turned = Checked.out(nsa(one), tensors);
    RotaryAngles angles = new RotaryAngles(Rotary.Layout.HALF, 10000, 2, null, null);
    Var k = new Tape().leaf("k", Results.get(tensors, "k"));
    tensors.put("k_cmp", angles.turn(k, (b, j) -> j).value());
    one[3] = "compressedRope=NONE";
    Results.assertSameBits("out", Checked.out(nsa(one), tensors), turned);
  }

  @Test
  void the_first_tokens_see_no_window() {
    Map<String, Tensor> tensors = tensors(1, 1, 9);
    gates(tensors, 1, 0, 0);
    Tensor inclusive = Checked.out(nsa("gate=GIVEN"), tensors);
    assertEquals(0, inclusive.at(0, 0, 2, 0));
    assertNotEquals(0, inclusive.at(0, 0, 3, 0));
    Tensor strict = Checked.out(nsa("gate=GIVEN", "visible=STRICT"), tensors);
    assertEquals(0, strict.at(0, 0, 3, 0));
    assertNotEquals(0, strict.at(0, 0, 4, 0));
  }

  @Test
  void gates_are_independent_sigmoids() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    Tensor logits = Checked.out(nsa(), tensors);
    for (String gate : NsaTensors.GATES) {
      Tensor g = Results.get(tensors, gate);
      tensors.put(gate, Tensor.generate(g.shape(), p -> 1 / (1 + StrictMath.exp(-g.get(p)))));
    }
    Results.assertClose("out", logits, Checked.out(nsa("gate=GIVEN"), tensors), Checked.ROUNDING);
  }

  @Test
  void forced_blocks_are_among_the_selected_or_besides() {
    Map<String, Tensor> tensors = tensors(1, 1, 16);
    Mechanism counted = nsa("initial=1", "local=2", "topN=3");
    Tensor idx = Results.get(Checked.define(counted, tensors), "idx");
    Checked.assertList(idx, new double[] {0, 2, 3}, 0, 0, 15);
    Checked.assertList(idx, new double[] {0, 1, -1}, 0, 0, 5);
    Mechanism besides = nsa("initial=1", "local=2", "topN=1", "forced=BESIDES");
    Tensor more = Results.get(Checked.define(besides, tensors), "idx");
    Checked.assertList(more, new double[] {0, 1, 2, 3}, 0, 0, 15);
  }

  @Test
  void a_group_of_heads_selects_together() {
    Tensor idx = Results.get(Checked.define(nsa(), tensors(4, 2, 9)), "idx");
    assertEquals(Shape.of(1, 2, 9, 2), idx.shape());
  }

  @ParameterizedTest
  @ValueSource(strings = {"PAPER", "LITERAL", "LOGITS"})
  void a_choice_that_is_given_back_changes_nothing(String scores) {
    Checked.assertGivenBackIsTheSame(nsa("scores=" + scores), tensors(2, 1, 11), "idx");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 6, 9})
  void the_past_never_sees_the_future(int t) {
    Map<String, Tensor> tensors = tensors(2, 1, 11);
    Checked.assertBlindToFuture(nsa(), tensors, t, "q", "k", "v", "g_cmp");
    Checked.assertBlindToFuture(
        nsa("padding=LEFT", "visible=STRICT", "scores=LOGITS"), tensors, t, "q", "k", "v");
  }

  @Test
  void the_gate_of_a_row_without_keys_is_not_read() {
    Map<String, Tensor> tensors = tensors(1, 1, 9);
    Map<String, Tensor> clean = Checked.define(nsa(), tensors);
    Tensor gate = Results.get(tensors, "g_cmp");
    tensors.put("g_cmp", Tensor.generate(gate.shape(), p -> p < 3 ? Double.NaN : gate.get(p)));
    Map<String, Tensor> poisoned = Checked.define(nsa(), tensors);
    clean.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(poisoned, name)));
  }

  @Test
  void what_lies_behind_the_lengths_reaches_no_window() {
    Map<String, Tensor> tensors = tensors(1, 1, 9);
    tensors.put("q_lens", Tensor.of(Shape.of(1), 7));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 7));
    Mechanism nsa = nsa("causal=false");
    Map<String, Tensor> clean = Checked.define(nsa, tensors);
    for (String name : List.of("q", "k", "v", "d_out", "g_slc")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name,
          Tensor.generate(x.shape(), p -> x.shape().index(p)[2] >= 7 ? Double.NaN : x.get(p)));
    }
    Map<String, Tensor> poisoned = Checked.define(nsa, tensors);
    clean.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(poisoned, name)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertThrows(IllegalArgumentException.class, () -> nsa("compressStride=3"));
    assertThrows(IllegalArgumentException.class, () -> nsa("topN=0"));
    assertThrows(IllegalArgumentException.class, () -> nsa("window=0"));
    Map<String, Tensor> tensors = tensors(1, 1, 9);
    Checked.assertRefused("phi_k", nsa("phi=LINEAR"), tensors);
    Map<String, Tensor> shape = new HashMap<>(tensors);
    shape.put("g_win", Tensor.zeros(Shape.of(1, 1, 8)));
    Checked.assertRefused("g_win has shape [1, 1, 8]", nsa(), shape);
    Map<String, Tensor> nan = new HashMap<>(tensors);
    nan.put("q_cmp", Tensor.full(Shape.of(1, 1, 9, 2), Double.NaN));
    Checked.assertRefused("is NaN", nsa(), nan);
    Map<String, Tensor> memory = new HashMap<>(tensors);
    memory.put("mem_k", Tensor.zeros(Shape.of(1, 1, 2)));
    Checked.assertRefused("mem_k and mem_v", nsa(), memory);
  }

  @Test
  void a_rule_names_the_branch() {
    Map<String, Tensor> tensors = tensors(1, 1, 11);
    Mechanism nsa = nsa("topN=1");
    var inputs = Evaluation.define(nsa, tensors).inputs();
    assertEquals("local block: 2", nsa.rule(inputs, 0, 0, 10, 9));
    assertEquals("window: 1 away", nsa.rule(inputs, 0, 0, 8, 7));
    assertEquals("compressed", nsa.rule(inputs, 0, 0, 8, 5));
    assertEquals(Mechanism.NOT_ATTENDED, nsa.rule(inputs, 0, 0, 2, 3));
  }

  private static Map<String, Tensor> tensors(int heads, int kvHeads, int n) {
    Map<String, Tensor> tensors = Checked.tensors(heads, kvHeads, n, 2);
    for (String gate : NsaTensors.GATES) {
      tensors.put(gate, LawSubject.draw(gate, Shape.of(1, heads, n)));
    }
    return tensors;
  }

  private static void gates(Map<String, Tensor> tensors, double cmp, double slc, double win) {
    Shape rows = Results.get(tensors, "g_cmp").shape();
    tensors.put("g_cmp", Tensor.full(rows, cmp));
    tensors.put("g_slc", Tensor.full(rows, slc));
    tensors.put("g_win", Tensor.full(rows, win));
  }

  private static Map<String, Tensor> withoutLse(Map<String, Tensor> tensors) {
    Map<String, Tensor> fewer = new HashMap<>(tensors);
    fewer.remove("d_lse");
    return fewer;
  }

  private static NativeSparseAttention nsa(String... settings) {
    List<String> all = new ArrayList<>(SMALL);
    all.addAll(Arrays.asList(settings));
    return Settings.make(NativeSparseAttention.class, Settings.parse(all));
  }
}
