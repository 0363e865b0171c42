package dev.assay.mechanism.heads;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.study.LeakAudit;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class MosaTest {
  private static final int N = 6;

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = MosaCases.all().getFirst().tensors();
    assertEquals(0, out(mosa(), tensors).at(0, 0, 3, 0));
    assertEquals(-0.2048023253, out(mosa("choice=PREFIX"), tensors).at(0, 0, 3, 0), PRINTED);
  }

  @Test
  void a_head_takes_its_best_tokens_and_equals_by_their_position() {
    Map<String, Tensor> tensors = scored(1, 3, 2, 3, 0, 3);
    Evaluation two = Evaluation.define(mosa("sparsity=3"), tensors);
    assertArrayEquals(new double[] {1, 3}, idx(two));
    assertEquals(0, two.answer().margin(), "token 5 scores as much as token 3");
    Evaluation four =
        Evaluation.define(mosa("sparsity=1", "choice=THRESHOLD", "theta=0.8"), tensors);
    assertArrayEquals(new double[] {1, 2, 3, 5}, idx(four));
    assertEquals(0.8 - sigmoid(1), four.answer().margin(), 1e-15);
    Evaluation first = Evaluation.define(mosa("sparsity=3", "includeFirst=true"), tensors);
    assertArrayEquals(new double[] {0, 1}, idx(first));
    Evaluation three = Evaluation.define(mosa("sparsity=2"), tensors);
    assertArrayEquals(new double[] {1, 3, 5}, idx(three));
    assertEquals(sigmoid(3) - sigmoid(2), three.answer().margin(), 1e-15);
  }

  @Test
  void in_a_prefix_a_token_is_compared_with_earlier_ones_alone() {
    Map<String, Tensor> tensors = scored(1, 3, 2, 3, 0, 3);
    Evaluation run = Evaluation.define(mosa("sparsity=3", "choice=PREFIX"), tensors);
    assertArrayEquals(new double[] {0, -1, 0, 1, 1, 2, 1, 3, 1, 3, 1, 3}, idx(run));
    Mechanism.Rules rules = mosa("sparsity=3", "choice=PREFIX").rules(run.inputs());
    assertTrue(rules.of(0, 0, 2, 1).startsWith("chosen by head: rank 1 of 3, score 0.9"));
    assertEquals(Mechanism.NOT_ATTENDED, rules.of(0, 0, 4, 1), "token 4 is not among its best");
  }

  @Test
  void every_token_chosen_is_dense_attention_times_the_scores() {
    Map<String, Tensor> tensors = scored(1, 3, 2, -3, 0, 3);
    Tensor own = out(mosa("sparsity=1", "rotaryFraction=0"), tensors);
    Tensor dense = out(Settings.make(Dense.class, Map.of("causal", "true")), tensors);
    double[] logits = {1, 3, 2, -3, 0, 3};
    for (int p = 0; p < own.size(); p++) {
      double score = sigmoid(logits[own.shape().index(p)[2]]);
      assertEquals(score * dense.get(p), own.get(p), 1e-15);
    }
    String[] turned = {"rope=HALF", "rotaryDim=2", "causal=true"};
    Tensor rotary = out(Settings.make(Dense.class, Settings.parse(List.of(turned))), tensors);
    Tensor half = out(mosa("sparsity=1"), tensors);
    assertEquals(sigmoid(3) * rotary.at(0, 0, 5, 1), half.at(0, 0, 5, 1), 1e-15);
  }

  @Test
  void only_chosen_tokens_give_and_train() {
    Map<String, Tensor> tensors = scored(1, 3, 2, 3, 0, 3);
    Map<String, Tensor> results = Evaluation.define(mosa("sparsity=2"), tensors).results();
    for (int i = 0; i < N; i++) {
      boolean chosen = i == 1 || i == 3 || i == 5;
      for (String name : List.of("out", "dq", "dk", "dv")) {
        // Token 1 is first and has itself alone: its query and no other key decide nothing.
        boolean reached = chosen && !(i == 1 && name.equals("dq"));
        double[] row = row(Results.get(results, name), i);
        assertEquals(reached, Arrays.stream(row).anyMatch(x -> x != 0), name + i);
      }
      assertEquals(chosen, Results.get(results, "dx").at(0, i, 0) != 0, "dx " + i);
    }
  }

  private static double[] row(Tensor x, int i) {
    double[] row = new double[4];
    for (int c = 0; c < 4; c++) {
      row[c] = x.at(0, 0, i, c);
    }
    return row;
  }

  @Test
  void the_choice_of_the_sequence_leaks_and_the_others_do_not() {
    Map<String, Tensor> tensors = scored(1, 3, 2, 3, 0, 3);
    Mechanism sequence = mosa("sparsity=3");
    assertFalse(LeakAudit.of(sequence, tensors).orElseThrow().leaks().isEmpty());
    assertFalse(sequence.leak().isEmpty());
    for (String choice : List.of("PREFIX", "THRESHOLD")) {
      Mechanism blind = mosa("sparsity=3", "choice=" + choice);
      assertEquals(List.of(), LeakAudit.of(blind, tensors).orElseThrow().leaks(), choice);
      assertTrue(blind.leak().isEmpty());
    }
  }

  @Test
  void given_choices_reproduce_the_answer() {
    for (String choice : List.of("SEQUENCE", "PREFIX", "THRESHOLD")) {
      Mechanism mechanism = mosa("sparsity=2", "choice=" + choice);
      Map<String, Tensor> tensors = scored(1, 3, 2, 0.5, 0, -3);
      Map<String, Tensor> chosen = Evaluation.define(mechanism, tensors).results();
      tensors.put("idx", Results.get(chosen, "idx"));
      Evaluation.define(mechanism, tensors)
          .results()
          .forEach((name, x) -> Results.assertSameBits(name, Results.get(chosen, name), x));
    }
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("sparsity is 0", () -> mosa("sparsity=0"));
    assertRefused("rotaryFraction is 2", () -> mosa("rotaryFraction=2"));
    assertRefused("theta is NaN", () -> mosa("theta=NaN"));
    Map<String, Tensor> tensors = scored(1, 3, 2, 3, 0, 3);
    Map<String, Tensor> narrow = new HashMap<>(tensors);
    narrow.put("w_router", Tensor.zeros(Shape.of(1, 3)));
    assertRefused("w_router has shape", () -> out(mosa(), narrow));
    Map<String, Tensor> poisoned = new HashMap<>(tensors);
    poisoned.put("x", Tensor.full(Shape.of(1, N, 2), Double.NaN));
    assertRefused("is NaN for head 0", () -> out(mosa(), poisoned));
    Map<String, Tensor> twice = new HashMap<>(tensors);
    twice.put("idx", Tensor.zeros(Shape.of(1, 1, 1, 2)));
    assertRefused("idx lists 0", () -> out(mosa(), twice));
    Map<String, Tensor> cross = new HashMap<>(tensors);
    cross.put("q", Tensor.zeros(Shape.of(1, 1, 2, 4)));
    assertRefused("2 queries came with 6 keys", () -> out(mosa(), cross));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable run) {
    var refusal = assertThrows(IllegalArgumentException.class, run, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static double sigmoid(double logit) {
    return 1 / (1 + StrictMath.exp(-logit));
  }

  private static double[] idx(Evaluation run) {
    return Results.get(run.results(), "idx").toDoubles();
  }

  /** One head, whose router reads the first of two channels. */
  private static Map<String, Tensor> scored(double... logits) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 1, N, 4)));
    }
    tensors.put("x", Tensor.generate(Shape.of(1, N, 2), p -> p % 2 == 0 ? logits[p / 2] : 7));
    tensors.put("w_router", Tensor.of(Shape.of(1, 2), 1, 0));
    return tensors;
  }

  private static Mosa mosa(String... settings) {
    return Settings.make(Mosa.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
