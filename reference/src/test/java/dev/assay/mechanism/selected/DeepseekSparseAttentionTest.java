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
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.selected.DeepseekSparseAttention.Stage;
import dev.assay.op.Gradient;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class DeepseekSparseAttentionTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = DeepseekSparseAttentionCases.all().getFirst().tensors();
    assertEquals(
        0.7089107349,
        Checked.out(dsa("topK=3", "ropeDim=4"), tensors).at(0, 0, 7, 0),
        Checked.PRINTED);
    assertEquals(
        0.9446409570,
        Checked.out(dsa("topK=3", "ropeDim=4", "rope=INTERLEAVED"), tensors).at(0, 0, 7, 0),
        Checked.PRINTED);
  }

  /** One channel, heads 1 and -1 with weights 3 and 2, scale 1/sqrt(2). */
  @Test
  void a_score_is_the_weighted_sum_of_what_each_head_lets_through() {
    Map<String, Tensor> tensors = line();
    DeepseekSparseAttention dsa = dsa("topK=2", "rope=NONE");
    Tensor scores = dsa.scores(Inputs.on(new Tape(), dsa, tensors)).value();
    double[] expected = {3 * 5, 2 * 4, 0, 3 * 1};
    for (int j = 0; j < 4; j++) {
      assertEquals(expected[j] / StrictMath.sqrt(2), scores.at(0, 0, 3, j), 1e-15);
    }
    assertEquals(0, scores.at(0, 0, 0, 1));
    Tensor idx = Results.get(Checked.define(dsa, tensors), "idx");
    Checked.assertList(idx, new double[] {0, 1}, 0, 0, 3);
    Checked.assertList(idx, new double[] {0, -1}, 0, 0, 0);
  }

  @Test
  void a_key_that_no_head_sees_outranks_one_of_negative_weight() {
    Map<String, Tensor> tensors = line();
    tensors.put("w_index", Tensor.full(Shape.of(1, 2, 4), -1));
    Tensor idx = Results.get(Checked.define(dsa("topK=2", "rope=NONE"), tensors), "idx");
    Checked.assertList(idx, new double[] {2, 3}, 0, 0, 3);
  }

  @Test
  void equal_scores_go_to_the_earlier_key() {
    Map<String, Tensor> tensors = tensors(2, 1, 7);
    tensors.put("w_index", Tensor.zeros(Shape.of(1, 3, 7)));
    Evaluation run = Evaluation.define(dsa("topK=3"), tensors);
    Checked.assertList(Results.get(run.results(), "idx"), new double[] {0, 1, 2}, 0, 0, 6);
    assertEquals(0, run.answer().margin());
  }

  private static Map<String, Tensor> line() {
    Shape shape = Shape.of(1, 1, 4, 1);
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, LawSubject.draw(name, shape));
    }
    tensors.put("q_index", Tensor.of(Shape.of(1, 2, 4, 1), 1, 1, 1, 1, -1, -1, -1, -1));
    tensors.put("k_index", Tensor.of(shape, 5, -4, 0, 1));
    tensors.put("w_index", Tensor.of(Shape.of(1, 2, 4), 3, 3, 3, 3, 2, 2, 2, 2));
    return tensors;
  }

  @Test
  void places_for_all_keys_make_it_dense() {
    for (boolean causal : new boolean[] {true, false}) {
      Map<String, Tensor> tensors = tensors(2, 1, 7);
      Checked.assertSame(
          Checked.define(
              Settings.make(Dense.class, Map.of("causal", String.valueOf(causal))), tensors),
          Checked.define(dsa("topK=7", "causal=" + causal), tensors),
          "out",
          "lse",
          "dq",
          "dk",
          "dv");
    }
  }

  @Test
  void the_output_gives_the_indexer_no_gradient() {
    Map<String, Tensor> results = Checked.define(dsa("topK=2"), tensors(2, 1, 7));
    for (String name : List.of("dq_index", "dk_index", "dw_index")) {
      Tensor gradient = Results.get(results, name);
      Results.assertSameBits(name, Tensor.zeros(gradient.shape()), gradient);
    }
  }

  @Test
  void the_target_is_the_mean_of_the_dense_weights_of_all_heads() {
    Map<String, Tensor> tensors = tensors(2, 1, 5);
    DeepseekSparseAttention dsa = dsa();
    Inputs inputs = Inputs.on(new Tape(), dsa, tensors);
    Tensor target = dsa.target(inputs);
    DenseTeacher teacher =
        new DenseTeacher(
            dev.assay.mechanism.Given.problem(
                    inputs, inputs.var("q"), inputs.var("k"), inputs.var("v"))
                .causal(true)
                .build());
    for (int j = 0; j < 5; j++) {
      double mean = (teacher.row(0, 0, 3)[j] + teacher.row(0, 1, 3)[j]) / 2;
      assertEquals(mean, target.at(0, 0, 3, j), 1e-15);
    }
  }

  @Test
  void after_the_warm_up_only_selected_keys_teach() {
    Map<String, Tensor> tensors = tensors(2, 1, 7);
    tensors.put(
        "idx", Tensor.generate(Shape.of(1, 1, 7, 2), p -> p % 2 == 0 ? 0 : p / 2 > 0 ? p / 2 : -1));
    double[] sparse = keyGradient(tensors, Stage.SPARSE);
    double[] dense = keyGradient(tensors, Stage.DENSE);
    // The gradient of key 1 comes from query 1 alone, which has selected it.
    assertNotEquals(dense[4], sparse[4]);
    for (double one : sparse) {
      assertTrue(Double.isFinite(one));
    }
  }

  private static double[] keyGradient(Map<String, Tensor> tensors, Stage stage) {
    DeepseekSparseAttention dsa = dsa("topK=2");
    Tape tape = new Tape();
    Inputs inputs = Inputs.on(tape, dsa, tensors);
    Var loss = dsa.loss(inputs, stage, Distillation.BY_ROWS);
    assertTrue(loss.value().get(0) > 0);
    List<Var> wanted = List.of(inputs.var("k_index"), inputs.var("q"));
    List<Var> found =
        Gradient.of(List.of(loss), List.of(tape.leaf("one", Tensor.scalar(1))), wanted);
    assertArrayEquals(new double[2 * 7 * 2], found.getLast().value().toDoubles());
    return found.getFirst().value().toDoubles();
  }

  @Test
  void a_choice_that_is_given_back_changes_nothing() {
    Checked.assertGivenBackIsTheSame(dsa("topK=3"), tensors(2, 1, 7), "idx");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 6})
  void the_past_never_sees_the_future(int t) {
    Checked.assertBlindToFuture(
        dsa("topK=3"), tensors(2, 2, 7), t, "q", "k", "v", "q_index", "k_index", "w_index");
  }

  @Test
  void what_lies_behind_the_lengths_is_not_read() {
    Map<String, Tensor> tensors = tensors(1, 1, 7);
    tensors.put("q_lens", Tensor.of(Shape.of(1), 5));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 5));
    Mechanism dsa = dsa("topK=2", "causal=false");
    Map<String, Tensor> clean = Checked.define(dsa, tensors);
    for (String name : List.of("q", "k", "v", "d_out", "d_lse", "q_index", "k_index", "w_index")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name,
          Tensor.generate(x.shape(), p -> x.shape().index(p)[2] >= 5 ? Double.NaN : x.get(p)));
    }
    Map<String, Tensor> poisoned = Checked.define(dsa, tensors);
    clean.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(poisoned, name)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertThrows(IllegalArgumentException.class, () -> dsa("topK=0"));
    Map<String, Tensor> tensors = tensors(1, 1, 7);
    Checked.assertRefused("ropeDim is 6", dsa("ropeDim=6"), tensors);
    Map<String, Tensor> shape = new HashMap<>(tensors);
    shape.put("k_index", Tensor.zeros(Shape.of(1, 3, 7, 4)));
    Checked.assertRefused("k_index has shape", dsa(), shape);
    Map<String, Tensor> nan = new HashMap<>(tensors);
    nan.put("w_index", Tensor.full(Shape.of(1, 3, 7), Double.NaN));
    Checked.assertRefused("is NaN", dsa(), nan);
  }

  @Test
  void a_rule_names_the_rank_of_a_key() {
    Map<String, Tensor> tensors = line();
    Mechanism dsa = dsa("topK=2", "rope=NONE");
    var inputs = Evaluation.define(dsa, tensors).inputs();
    assertEquals("indexed key: rank 2 of 4, score 5.657", dsa.rule(inputs, 0, 0, 3, 1));
    assertEquals(Mechanism.NOT_ATTENDED, dsa.rule(inputs, 0, 0, 3, 3));
  }

  private static Map<String, Tensor> tensors(int heads, int kvHeads, int n) {
    Map<String, Tensor> tensors = Checked.tensors(heads, kvHeads, n, 2);
    tensors.put("q_index", LawSubject.draw("q_index", Shape.of(1, 3, n, 4)));
    tensors.put("k_index", LawSubject.draw("k_index", Shape.of(1, 1, n, 4)));
    tensors.put("w_index", LawSubject.draw("w_index", Shape.of(1, 3, n)));
    return tensors;
  }

  private static DeepseekSparseAttention dsa(String... settings) {
    return Settings.make(DeepseekSparseAttention.class, Settings.parse(List.of(settings)));
  }
}
