package dev.assay.mechanism.selected;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.study.LeakAudit;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class SeerAttentionTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = SeerAttentionCases.all().get(2).tensors();
    String[] precise = {"block=2", "choice=TRIANGLE_RATIO", "ratio=0.6"};
    assertEquals(
        -0.1314743015, Checked.out(seer(precise), tensors).at(0, 0, 11, 0), Checked.PRINTED);
    String[] literal = {"block=2", "choice=ROW_RATIO", "ratio=0.6"};
    assertEquals(
        0.0477292189, Checked.out(seer(literal), tensors).at(0, 0, 11, 0), Checked.PRINTED);
  }

  /** int((1 - sqrt(1 - rho)) N) and int(rho N) of N = 6 blocks, at least 1. */
  @ParameterizedTest
  @CsvSource({"0.6, 2, 3", "0.75, 3, 4", "1, 6, 6", "0.1, 1, 1", "0.36, 1, 2"})
  void a_share_of_the_triangle_is_fewer_blocks_a_row(double rho, int triangle, int row) {
    assertEquals(triangle, count("choice=TRIANGLE_RATIO", "ratio=" + rho));
    assertEquals(row, count("choice=ROW_RATIO", "ratio=" + rho));
  }

  /** Blocks of the last row of 12 tokens in blocks of 2. */
  private static int count(String... settings) {
    Map<String, Tensor> tensors = tensors(1, 1, 12);
    String[] all = {settings[0], settings[1], "block=2"};
    Tensor idx = Results.get(Checked.define(seer(all), tensors), "idx");
    int count = 0;
    for (int e = 0; e < idx.shape().extent(3); e++) {
      count += idx.at(0, 0, 5, e) >= 0 ? 1 : 0;
    }
    return count;
  }

  /** Mean queries 1, 1 and weights that take the mean key: Z = mean key, 2 | 0 | 4. */
  @Test
  void scores_are_products_of_pooled_queries_and_projected_pooled_keys() {
    Map<String, Tensor> tensors = line();
    SeerAttention seer = seer("block=2", "keyPool=AVG", "causal=false", "rope=NONE");
    Inputs inputs = Inputs.on(new Tape(), seer, tensors);
    assertArrayEquals(
        new double[] {2, 0, 4, 2, 0, 4, 2, 0, 4}, seer.logits(inputs).value().toDoubles());
  }

  @Test
  void all_three_pools_stand_in_the_order_of_the_code() {
    Map<String, Tensor> tensors = line();
    tensors.put("w_gate_k", Tensor.of(Shape.of(1, 3, 1), 100, 10, 1));
    SeerAttention seer = seer("block=2", "causal=false", "rope=NONE");
    Inputs inputs = Inputs.on(new Tape(), seer, tensors);
    Tensor z = seer.logits(inputs).value();
    assertEquals(100 * 3 + 10 * 1 + 2, z.get(0));
    assertEquals(100 * 1 + 10 * -1, z.get(1));
    assertEquals(100 * 4 + 10 * 4 + 4, z.get(2));
  }

  @Test
  void a_threshold_leaves_out_blocks_of_less_probability() {
    Map<String, Tensor> tensors = line();
    SeerAttention seer =
        seer("block=2", "keyPool=AVG", "causal=false", "rope=NONE", "threshold=0.1");
    double sum = StrictMath.exp(2) + 1 + StrictMath.exp(4);
    assertTrue(StrictMath.exp(2) / sum > 0.1);
    Tensor idx = Results.get(Checked.define(seer, tensors), "idx");
    Checked.assertList(idx, new double[] {0, 2, -1}, 0, 0, 1);
  }

  @Test
  void the_own_block_is_met_only_if_it_is_forced() {
    Map<String, Tensor> tensors = line();
    String[] gate = {"block=2", "keyPool=AVG", "rope=NONE", "threshold=0.5"};
    Tensor free = Results.get(Checked.define(seer(gate), tensors), "idx");
    Checked.assertList(free, new double[] {0, -1, -1}, 0, 0, 1);
    String[] forced = {
      "block=2", "keyPool=AVG", "rope=NONE", "threshold=0.5", "forceDiagonal=true"
    };
    Tensor own = Results.get(Checked.define(seer(forced), tensors), "idx");
    Checked.assertList(own, new double[] {0, 1, -1}, 0, 0, 1);
  }

  @Test
  void everything_above_no_threshold_is_dense() {
    Map<String, Tensor> tensors = tensors(2, 1, 9);
    Checked.assertSame(
        Checked.define(Settings.make(Dense.class, Map.of("causal", "true")), tensors),
        Checked.define(seer("block=2", "threshold=0"), tensors),
        "out",
        "lse",
        "dq",
        "dk",
        "dv");
  }

  @Test
  void the_last_rows_can_be_dense() {
    Map<String, Tensor> tensors = tensors(1, 1, 8);
    String[] settings = {"block=2", "choice=ROW_RATIO", "ratio=0.25", "denseRows=1"};
    Tensor idx = Results.get(Checked.define(seer(settings), tensors), "idx");
    Checked.assertList(idx, new double[] {0, 1, 2, 3}, 0, 0, 3);
    assertEquals(-1, idx.at(0, 0, 2, 1));
  }

  /** Rows of weights 1 | e/(1+e), 1/(1+e) | ...: the largest of each block, as shares. */
  @Test
  void the_target_is_the_largest_dense_weight_of_each_block() {
    Map<String, Tensor> tensors = tensors(1, 1, 5);
    SeerAttention seer = seer("block=2");
    Inputs inputs = Inputs.on(new Tape(), seer, tensors);
    Tensor target = seer.target(inputs);
    DenseWeights teacher =
        new DenseWeights(
            dev.assay.mechanism.Given.problem(
                    inputs, inputs.var("q"), inputs.var("k"), inputs.var("v"))
                .causal(true)
                .build());
    double first = Math.max(max(teacher, 2, 0), max(teacher, 3, 0));
    double second = Math.max(max(teacher, 2, 1), max(teacher, 3, 1));
    assertEquals(first / (first + second), target.at(0, 0, 1, 0), 1e-15);
    assertEquals(second / (first + second), target.at(0, 0, 1, 1), 1e-15);
    assertEquals(0, target.at(0, 0, 1, 2));
    assertEquals(1, target.at(0, 0, 0, 0));
  }

  private static double max(DenseWeights teacher, int i, int block) {
    double[] row = teacher.row(0, 0, i);
    return Math.max(row[2 * block], row[2 * block + 1]);
  }

  @Test
  void the_oracle_keeps_the_largest_shares_of_the_target() {
    Map<String, Tensor> tensors = tensors(1, 1, 8);
    SeerAttention seer = seer("block=2", "scores=ORACLE", "choice=ROW_RATIO", "ratio=0.5");
    Tensor target = seer.target(Inputs.on(new Tape(), seer, tensors));
    Tensor idx = Results.get(Checked.define(seer, tensors), "idx");
    double kept = target.at(0, 0, 3, (int) idx.at(0, 0, 3, 0));
    kept += target.at(0, 0, 3, (int) idx.at(0, 0, 3, 1));
    assertEquals(-1, idx.at(0, 0, 3, 2));
    for (int one = 0; one < 4; one++) {
      for (int other = 0; other < one; other++) {
        assertTrue(kept >= target.at(0, 0, 3, one) + target.at(0, 0, 3, other));
      }
    }
  }

  @Test
  void a_choice_that_is_given_back_changes_nothing() {
    Checked.assertGivenBackIsTheSame(seer("block=2", "threshold=0.3"), tensors(2, 1, 9), "idx");
  }

  @Test
  void the_output_gives_the_gate_no_gradient() {
    Map<String, Tensor> results =
        Checked.define(seer("block=2", "threshold=0.3"), tensors(2, 1, 9));
    Tensor gradient = Results.get(results, "d_w_gate_k");
    Results.assertSameBits("d_w_gate_k", Tensor.zeros(gradient.shape()), gradient);
  }

  @Test
  void the_known_leak_through_pooled_queries_is_there() {
    SeerAttention seer = seer("block=3", "choice=ROW_RATIO", "ratio=0.4");
    Map<String, Tensor> tensors = tensors(2, 2, 9);
    assertFalse(seer.leak().isEmpty());
    assertFalse(LeakAudit.of(seer, tensors).orElseThrow().leaks().isEmpty());
    SeerAttention single = seer("block=1", "choice=ROW_RATIO", "ratio=0.4");
    assertTrue(single.leak().isEmpty());
    assertEquals(List.of(), LeakAudit.of(single, tensors).orElseThrow().leaks());
  }

  @ParameterizedTest
  @ValueSource(ints = {3, 6})
  void whole_blocks_of_the_future_are_not_seen(int t) {
    SeerAttention seer = seer("block=3", "choice=ROW_RATIO");
    Map<String, Tensor> tensors = tensors(2, 2, 9);
    Map<String, Tensor> other = new HashMap<>(tensors);
    for (String name : List.of("q", "k", "v")) {
      Tensor x = Results.get(tensors, name);
      other.put(
          name, Tensor.generate(x.shape(), p -> x.shape().index(p)[2] < t ? x.get(p) : -x.get(p)));
    }
    Tensor before = Checked.out(seer, tensors);
    Tensor after = Checked.out(seer, other);
    for (int p = 0; p < before.size(); p++) {
      if (before.shape().index(p)[2] < t) {
        assertEquals(before.get(p), after.get(p));
      }
    }
  }

  @Test
  void what_lies_behind_the_lengths_is_not_pooled() {
    Map<String, Tensor> tensors = tensors(1, 1, 8);
    tensors.put("q_lens", Tensor.of(Shape.of(1), 5));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 5));
    Mechanism seer = seer("block=2", "threshold=0.3", "causal=false");
    Map<String, Tensor> clean = Checked.define(seer, tensors);
    for (String name : List.of("q", "k", "v", "d_out", "d_lse")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name,
          Tensor.generate(x.shape(), p -> x.shape().index(p)[2] >= 5 ? Double.NaN : x.get(p)));
    }
    Map<String, Tensor> poisoned = Checked.define(seer, tensors);
    clean.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(poisoned, name)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertThrows(IllegalArgumentException.class, () -> seer("ratio=0"));
    assertThrows(IllegalArgumentException.class, () -> seer("threshold=1"));
    Map<String, Tensor> tensors = tensors(2, 1, 8);
    Map<String, Tensor> cross = new HashMap<>(tensors);
    cross.put("q", Tensor.zeros(Shape.of(1, 2, 5, 2)));
    Checked.assertRefused("as many", seer("block=2"), cross);
    Map<String, Tensor> wide = new HashMap<>(tensors);
    wide.put("w_gate_k", Tensor.zeros(Shape.of(2, 6, 3)));
    Checked.assertRefused("2 channels and keys 3", seer("block=2"), wide);
    Map<String, Tensor> nan = new HashMap<>(tensors);
    nan.put("w_gate_k", Tensor.full(Shape.of(2, 6, 2), Double.NaN));
    Checked.assertRefused("is NaN", seer("block=2"), nan);
  }

  /** One channel: queries 1, keys 1, 3 | 1, -1 | 4, 4, a gate that takes what it is given. */
  private static Map<String, Tensor> line() {
    Shape shape = Shape.of(1, 1, 6, 1);
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.full(shape, 1));
    tensors.put("k", Tensor.of(shape, 1, 3, 1, -1, 4, 4));
    tensors.put("v", Tensor.of(shape, 1, 2, 3, 4, 5, 6));
    tensors.put("w_gate_k", Tensor.full(Shape.of(1, 1, 1), 1));
    return tensors;
  }

  private static Map<String, Tensor> tensors(int heads, int kvHeads, int n) {
    Map<String, Tensor> tensors = Checked.tensors(heads, kvHeads, n, 2);
    tensors.put("w_gate_k", LawSubject.draw("w_gate_k", Shape.of(heads, 6, 2)));
    return tensors;
  }

  private static SeerAttention seer(String... settings) {
    return Settings.make(SeerAttention.class, Settings.parse(List.of(settings)));
  }
}
