package dev.assay.mechanism.selected;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Distillation;
import dev.assay.mechanism.Distillation.Reduction;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.op.Gradient;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class SeerAttentionRTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = SeerAttentionRCases.all().getFirst().tensors();
    assertEquals(
        -0.6190165776,
        Checked.out(seer("block=2", "budget=4"), tensors).at(0, 0, 10, 0),
        Checked.PRINTED);
    assertEquals(
        -0.5104485705,
        Checked.out(seer("block=2", "budget=4", "openBlock=ZERO_LOGIT"), tensors).at(0, 0, 10, 0),
        Checked.PRINTED);
  }

  /** Keys 1, 3 | 0, 0 | 4, 4 | 2 and queries of 1: scores are the means 2, 0, 4. */
  @Test
  void complete_earlier_blocks_are_scored_and_the_own_one_is_counted() {
    SeerAttentionR seer = seer(LINE);
    Inputs inputs = Inputs.on(new Tape(), seer, line());
    Tensor z = seer.logits(inputs).value();
    assertEquals(Shape.of(1, 1, 7, 4), z.shape());
    assertArrayEquals(new double[] {2, 0, 4, 0}, row(z, 6));
    assertArrayEquals(new double[] {2, 0, 0, 0}, row(z, 3));
    Tensor idx = Results.get(Checked.define(seer, line()), "idx");
    Checked.assertList(idx, new double[] {2, 3, -1}, 0, 0, 6);
    Checked.assertList(idx, new double[] {0, 2, -1}, 0, 0, 4);
    Checked.assertList(idx, new double[] {0, -1, -1}, 0, 0, 1);
  }

  /** Blocks 0 and 2 beat the logit 0 of the open block 3, which comes besides. */
  @Test
  void the_open_block_competes_with_a_logit_of_zero_in_the_code() {
    Map<String, Tensor> tensors = line();
    String[] coded = {LINE[0], LINE[1], LINE[2], LINE[3], LINE[4], "openBlock=ZERO_LOGIT"};
    Tensor idx = Results.get(Checked.define(seer(coded), tensors), "idx");
    Checked.assertList(idx, new double[] {0, 2, 3}, 0, 0, 6);
    // Query 5 completes block 2, whose score is 4 from then on.
    Checked.assertList(idx, new double[] {0, 2, -1}, 0, 0, 5);
  }

  private static double[] row(Tensor z, int i) {
    return new double[] {z.at(0, 0, i, 0), z.at(0, 0, i, 1), z.at(0, 0, i, 2), z.at(0, 0, i, 3)};
  }

  private static final String[] LINE = {
    "block=2", "budget=4", "queryHeads=QAVG", "keyPool=AVG", "rope=NONE"
  };

  private static Map<String, Tensor> line() {
    Shape shape = Shape.of(1, 1, 7, 1);
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.full(shape, 1));
    tensors.put("k", Tensor.of(shape, 1, 3, 0, 0, 4, 4, 2));
    tensors.put("v", Tensor.of(shape, 1, 2, 3, 4, 5, 6, 7));
    tensors.put("w_gate_k", Tensor.full(Shape.of(1, 1, 1), 1));
    return tensors;
  }

  @Test
  void a_projection_of_all_heads_is_the_sum_of_those_of_each() {
    Map<String, Tensor> tensors = tensors(2, 1, 7);
    Tensor w = Results.get(tensors, "w_gate_q");
    // With both heads' matrices alike the sum is the projected mean, twice.
    Tensor same = Tensor.generate(w.shape(), p -> w.get(p % 4));
    tensors.put("w_gate_q", same);
    Tensor summed = logits(seer("block=2"), tensors);
    tensors.put("w_gate_q", Tensor.generate(Shape.of(1, 2, 2), p -> 2 * w.get(p)));
    Tensor mean = logits(seer("block=2", "queryHeads=QAVGPROJ"), tensors);
    Results.assertClose("logits", summed, mean, Checked.ROUNDING);
  }

  @Test
  void heads_that_score_apart_average_to_the_score_of_their_mean() {
    Map<String, Tensor> tensors = tensors(2, 1, 7);
    Tensor apart = logits(seer("block=2", "queryHeads=QORIG", "rope=NONE"), tensors);
    Tensor mean = logits(seer("block=2", "queryHeads=QAVG", "rope=NONE"), tensors);
    Results.assertClose("logits", apart, mean, Checked.ROUNDING);
  }

  @Test
  void only_blocks_completed_while_decoding_are_turned_by_their_end() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    Tensor start = logits(seer("block=2"), tensors);
    Tensor coded = logits(seer("block=2", "blockPosition=CODED"), tensors);
    assertNotEquals(start.at(0, 0, 8, 0), coded.at(0, 0, 8, 0));
    tensors.put("q", Tensor.full(Shape.of(1, 2, 1, 2), 1));
    tensors.remove("d_out");
    tensors.remove("d_lse");
    Results.assertSameBits(
        "logits",
        logits(seer("block=2"), tensors),
        logits(seer("block=2", "blockPosition=CODED"), tensors));
  }

  private static Tensor logits(SeerAttentionR seer, Map<String, Tensor> tensors) {
    return seer.logits(Inputs.on(new Tape(), seer, tensors)).value();
  }

  @Test
  void a_budget_for_everything_is_dense() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    Checked.assertSame(
        Checked.define(Settings.make(Dense.class, Map.of("causal", "true")), tensors),
        Checked.define(seer("block=2", "budget=10"), tensors),
        "out",
        "lse",
        "dq",
        "dk",
        "dv");
  }

  @Test
  void the_target_is_over_the_heads_of_a_group_and_leaves_out_the_own_block() {
    Map<String, Tensor> tensors = tensors(2, 1, 7);
    SeerAttentionR seer = seer("block=2");
    Tensor target = seer.target(Inputs.on(new Tape(), seer, tensors));
    assertEquals(0, target.at(0, 0, 1, 0));
    assertEquals(1, target.at(0, 0, 2, 0), 1e-8);
    assertEquals(0, target.at(0, 0, 2, 1));
    double sum = 0;
    for (int block = 0; block < 3; block++) {
      sum += target.at(0, 0, 6, block);
    }
    assertEquals(1, sum, 1e-8);
  }

  @Test
  void the_loss_trains_the_gate_alone() {
    Map<String, Tensor> tensors = tensors(2, 1, 7);
    tensors.put("q_gate", LawSubject.draw("q_gate", Shape.of(1, 2, 7, 2)));
    SeerAttentionR seer = seer("block=2");
    Tape tape = new Tape();
    Inputs inputs = Inputs.on(tape, seer, tensors);
    Var loss = seer.loss(inputs, Distillation.BY_ROWS);
    assertTrue(loss.value().get(0) > 0);
    List<Var> gradients =
        Gradient.of(
            List.of(loss),
            List.of(tape.leaf("one", Tensor.scalar(1))),
            List.of(inputs.var("w_gate_q"), inputs.var("q")));
    assertNotEquals(0, gradients.getFirst().value().get(0));
    Results.assertSameBits("dq", Tensor.zeros(Shape.of(1, 2, 7, 2)), gradients.getLast().value());
  }

  @Test
  void what_is_taught_is_a_mean_over_rows_and_batch_entries() {
    SeerAttentionR seer = seer("block=2");
    Map<String, Tensor> one = tensors(2, 1, 7);
    Map<String, Tensor> two = new HashMap<>(one);
    for (String name : List.of("q", "k", "v", "d_out")) {
      Tensor x = Results.get(one, name);
      two.put(name, Tensor.generate(x.shape().with(0, 2), p -> x.get(p % x.size())));
    }
    double once = seer.lesson(Inputs.on(new Tape(), seer, one)).value().get(0);
    Distillation rows = new Distillation(Reduction.ROW_MEAN, 0);
    assertEquals(seer.loss(Inputs.on(new Tape(), seer, one), rows).value().get(0), once);
    assertTrue(once > 0);
    assertEquals(once, seer.lesson(Inputs.on(new Tape(), seer, two)).value().get(0), 1e-14);
  }

  @ParameterizedTest
  @ValueSource(strings = {"APART", "ZERO_LOGIT"})
  void a_choice_that_is_given_back_changes_nothing(String open) {
    Checked.assertGivenBackIsTheSame(
        seer("block=2", "budget=4", "openBlock=" + open), tensors(2, 1, 9), "idx");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 6, 8})
  void the_past_never_sees_the_future(int t) {
    Checked.assertBlindToFuture(seer("block=2", "budget=4"), tensors(2, 1, 9), t, "q", "k", "v");
    Checked.assertBlindToFuture(
        seer("block=2", "budget=4", "openBlock=ZERO_LOGIT"), tensors(2, 1, 9), t, "q", "k", "v");
  }

  @Test
  void decoding_one_by_one_is_the_last_row_of_all_at_once() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    Mechanism seer = seer("block=2", "budget=4");
    Tensor all = Checked.out(seer, tensors);
    Tensor q = Results.get(tensors, "q");
    Map<String, Tensor> last = new HashMap<>(tensors);
    last.keySet().removeAll(List.of("d_out", "d_lse"));
    last.put("q", Tensor.generate(Shape.of(1, 2, 1, 2), p -> q.at(0, p / 2, 8, p % 2)));
    Tensor one = Checked.out(seer, last);
    for (int h = 0; h < 2; h++) {
      assertEquals(all.at(0, h, 8, 0), one.at(0, h, 0, 0), 1e-15);
    }
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertThrows(IllegalArgumentException.class, () -> seer("budget=0"));
    Map<String, Tensor> tensors = tensors(2, 1, 7);
    Map<String, Tensor> missing = new HashMap<>(tensors);
    missing.remove("w_gate_q");
    Checked.assertRefused("QPROJ needs the tensor w_gate_q", seer("block=2"), missing);
    Map<String, Tensor> shape = new HashMap<>(tensors);
    shape.put("w_gate_q", Tensor.zeros(Shape.of(1, 2, 2, 3)));
    Checked.assertRefused("w_gate_q has shape", seer("block=2"), shape);
    Map<String, Tensor> norm = new HashMap<>(tensors);
    norm.put("q_norm", Tensor.zeros(Shape.of(3)));
    Checked.assertRefused("q_norm has shape [3]", seer("block=2"), norm);
  }

  @Test
  void a_rule_names_the_block() {
    SeerAttentionR seer = seer(LINE);
    var inputs = Evaluation.define(seer, line()).inputs();
    assertEquals("own block: 3", seer.rule(inputs, 0, 0, 6, 6));
    assertEquals("gated block: 2, rank 1 of 3, score 4.000", seer.rule(inputs, 0, 0, 6, 5));
    assertEquals(Mechanism.NOT_ATTENDED, seer.rule(inputs, 0, 0, 6, 0));
  }

  private static Map<String, Tensor> tensors(int heads, int kvHeads, int n) {
    Map<String, Tensor> tensors = Checked.tensors(heads, kvHeads, n, 2);
    tensors.put("w_gate_q", LawSubject.draw("w_gate_q", Shape.of(kvHeads, heads / kvHeads, 2, 2)));
    tensors.put("w_gate_k", LawSubject.draw("w_gate_k", Shape.of(kvHeads, 6, 2)));
    return tensors;
  }

  private static SeerAttentionR seer(String... settings) {
    return Settings.make(SeerAttentionR.class, Settings.parse(List.of(settings)));
  }
}
