package dev.assay.mechanism.selected;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class MobaTest {
  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = MobaCases.all().getFirst().tensors();
    assertEquals(
        0.3784758320,
        Checked.out(moba("block=2", "topK=2"), tensors).at(0, 0, 7, 0),
        Checked.PRINTED);
    assertEquals(
        0.0347114299,
        Checked.out(moba("block=2", "topK=2", "ownBlock=BESIDES"), tensors).at(0, 0, 7, 0),
        Checked.PRINTED);
  }

  /** Means of the blocks of k = 1, 3 | 0, 0 | 9, 9 are 2, 0 and 9. */
  @Test
  void the_own_block_takes_a_place_and_the_best_earlier_one_the_other() {
    Map<String, Tensor> tensors = line(new double[] {1, 1, 1, 1, 1, -1}, 1, 3, 0, 0, 9, 9);
    assertArrayEquals(
        new double[] {0, -1, 0, -1, 0, 1, 0, 1, 0, 2, 1, 2},
        Checked.idx(moba("block=2", "topK=2"), tensors));
  }

  @Test
  void the_margin_is_the_gap_to_the_best_block_that_was_refused() {
    Map<String, Tensor> tensors = line(new double[] {1, 1, 1, 1, 0.5, -2}, 1, 3, 0, 0, 9, 9);
    Mechanism moba = moba("block=2", "topK=2");
    assertEquals(1, Evaluation.define(moba, tensors).answer().margin());
  }

  @Test
  void equal_scores_go_to_the_earlier_block() {
    Map<String, Tensor> tensors =
        line(new double[] {0, 0, 0, 0, 0, 0, 0, 0}, 1, 2, 3, 4, 5, 6, 7, 8);
    Tensor idx = Results.get(Checked.define(moba("block=2", "topK=2"), tensors), "idx");
    Checked.assertList(idx, new double[] {0, 3}, 0, 0, 7);
  }

  /** The mean of a ragged last block 8 | is 8, not 4. */
  @Test
  void the_mean_of_a_ragged_block_is_over_its_own_keys() {
    Map<String, Tensor> tensors = line(new double[] {1, 1, 1, 1, 1}, 6, 6, 7, 7, 8);
    Mechanism all = moba("block=2", "topK=1", "causal=false");
    assertArrayEquals(new double[] {2, 2, 2, 2, 2}, Checked.idx(all, tensors));
  }

  @Test
  void enough_places_make_it_dense() {
    for (boolean causal : new boolean[] {true, false}) {
      Map<String, Tensor> tensors = Checked.tensors(2, 1, 7, 3);
      Mechanism moba = moba("block=3", "topK=3", "causal=" + causal);
      Mechanism dense = Settings.make(Dense.class, Map.of("causal", String.valueOf(causal)));
      Checked.assertSame(
          Checked.define(dense, tensors),
          Checked.define(moba, tensors),
          "out",
          "lse",
          "dq",
          "dk",
          "dv");
    }
  }

  @Test
  void a_longer_cache_is_met_densely_only_as_the_published_code_does() {
    Map<String, Tensor> tensors = Checked.tensors(1, 1, 9, 3);
    for (String name : List.of("q", "d_out")) {
      tensors.put(name, Results.get(Checked.tensors(1, 1, 1, 3), name));
    }
    tensors.remove("d_lse");
    Map<String, Tensor> sparse = Checked.define(moba("block=2", "topK=1"), tensors);
    assertArrayEquals(new double[] {4}, Results.get(sparse, "idx").toDoubles());
    Tensor dense = Checked.out(Settings.make(Dense.class, Map.of()), tensors);
    Checked.assertSame(
        Map.of("out", dense),
        Checked.define(moba("block=2", "topK=1", "decoding=DENSE"), tensors),
        "out");
  }

  @ParameterizedTest
  @ValueSource(strings = {"COUNTED", "BESIDES"})
  void a_choice_that_is_given_back_changes_nothing(String own) {
    Checked.assertGivenBackIsTheSame(
        moba("block=2", "topK=2", "ownBlock=" + own), Checked.tensors(2, 1, 9, 3), "idx");
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3, 4, 8})
  void the_past_never_sees_the_future(int t) {
    Checked.assertBlindToFuture(
        moba("block=2", "topK=2"), Checked.tensors(2, 2, 9, 3), t, "q", "k", "v");
  }

  @Test
  void what_lies_behind_the_lengths_is_not_pooled() {
    Map<String, Tensor> tensors = Checked.tensors(1, 1, 8, 3);
    tensors.put("q_lens", Tensor.of(Shape.of(1), 7));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 7));
    Mechanism moba = moba("block=3", "topK=2", "causal=false");
    Map<String, Tensor> clean = Checked.define(moba, tensors);
    for (String name : List.of("q", "k", "v", "d_out", "d_lse")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name,
          Tensor.generate(x.shape(), p -> x.shape().index(p)[2] == 7 ? Double.NaN : x.get(p)));
    }
    Map<String, Tensor> poisoned = Checked.define(moba, tensors);
    clean.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(poisoned, name)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Mechanism moba = moba("block=2", "topK=2");
    Map<String, Tensor> tensors = Checked.tensors(1, 1, 6, 3);
    Map<String, Tensor> nan = new HashMap<>(tensors);
    nan.put("k", Tensor.full(Shape.of(1, 1, 6, 3), Double.NaN));
    Checked.assertRefused("is NaN", moba, nan);
    Map<String, Tensor> given = new HashMap<>(tensors);
    given.put("idx", Tensor.zeros(Shape.of(1, 1, 5, 1)));
    Checked.assertRefused("idx has shape", moba, given);
    given.put("idx", Tensor.full(Shape.of(1, 1, 6, 1), 3));
    Checked.assertRefused("idx lists 3.0 in row 0: what is chosen lies in 0..2", moba, given);
    given.put("idx", Tensor.zeros(Shape.of(1, 1, 6, 2)));
    Checked.assertRefused("occurs once", moba, given);
    assertThrows(IllegalArgumentException.class, () -> moba("block=0"));
    assertThrows(IllegalArgumentException.class, () -> moba("topK=0"));
  }

  @Test
  void a_rule_names_the_block_and_its_rank() {
    Map<String, Tensor> tensors = line(new double[] {1, 1, 1, 1, 1, -1}, 1, 3, 0, 0, 9, 9);
    Mechanism moba = moba("block=2", "topK=2");
    var inputs = Evaluation.define(moba, tensors).inputs();
    assertEquals("own block: 2", moba.rule(inputs, 0, 0, 5, 5));
    assertEquals("chosen block: 1, rank 1 of 2, score 0.000", moba.rule(inputs, 0, 0, 5, 2));
    assertEquals(Mechanism.NOT_ATTENDED, moba.rule(inputs, 0, 0, 5, 0));
    assertEquals(Mechanism.NOT_ATTENDED, moba.rule(inputs, 0, 0, 4, 5));
  }

  /** Queries and keys of one channel. */
  private static Map<String, Tensor> line(double[] q, double... k) {
    Shape shape = Shape.of(1, 1, q.length, 1);
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(shape, q));
    tensors.put("k", Tensor.of(shape, k));
    tensors.put("v", Tensor.of(shape, k));
    return tensors;
  }

  private static Moba moba(String... settings) {
    return Settings.make(Moba.class, Settings.parse(List.of(settings)));
  }
}
