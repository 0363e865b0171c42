package dev.assay.mechanism.chunked;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HierarchicalChunkingTest {
  private static final Tolerance ROUNDING =
      new Tolerance(1e-15, 1e-14, "one more rounding than dense attention");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @ParameterizedTest
  @CsvSource({
    "5120, 12, 128, 128",
    "4096, 12, 64, 128",
    "1024, 10, 32, 112",
    "2048, 11, 64, 112",
    "100, 6, 16, 64",
    "9, 3, 4, 9",
    "5, 2, 4, 5",
    "4, 2, 2, 4",
    "2, 1, 2, 2",
    "1, 1, 1, 1",
    "0, 1, 1, 1"
  })
  void chunk_sizes_follow_from_the_length(int n, int log2, int sqrtPow2, int scaledLog2) {
    assertEquals(log2, chunks("sizeRule=LOG2").chunkSize(n), SizeRule.LOG2.toString());
    assertEquals(sqrtPow2, chunks("sizeRule=SQRT_POW2").chunkSize(n), "SQRT_POW2");
    assertEquals(scaledLog2, chunks("sizeRule=SCALED_LOG2").chunkSize(n), "SCALED_LOG2");
    assertEquals(Math.min(7, Math.max(n, 1)), chunks("sizeRule=FIXED", "size=7").chunkSize(n));
  }

  @ParameterizedTest
  @CsvSource({
    "WINDOW, 2, false, 3, '2 4'",
    "WINDOW, 3, false, 3, '1 2 4'",
    "WINDOW, 1, false, 3, '2'",
    "WINDOW, 2, false, 0, '1'",
    "WINDOW, 2, false, 5, '4'",
    "WINDOW, 4, false, 0, '1 2'",
    "WINDOW, 2, true, 3, '1 2'",
    "WINDOW, 2, true, 1, '0'",
    "WINDOW, 2, true, 0, ''",
    "WINDOW, 0, false, 3, ''",
    "EACH_SIDE, 2, false, 3, '1 2 4 5'",
    "EACH_SIDE, 2, false, 0, '1 2'",
    "EACH_SIDE, 2, true, 3, '1 2'",
    "WINDOW, 2147483647, false, 3, '0 1 2 4 5'",
    "EACH_SIDE, 2147483647, false, 3, '0 1 2 4 5'"
  })
  void neighbours_are_the_nearest_chunks_that_exist(
      String neighbours, int t, boolean causal, int chunk, String expected) {
    HierarchicalChunking mechanism =
        fixed(2, "neighbours=" + neighbours, "t=" + t, "causal=" + causal);
    Evaluation evaluation = Evaluation.define(mechanism, tensors(1, 12));
    List<String> met = new ArrayList<>();
    for (int j = 0; j < 12; j += 2) {
      String rule = mechanism.rule(evaluation.inputs(), 0, 0, 2 * chunk, j);
      if (rule.startsWith("neighbour")) {
        met.add(String.valueOf(j / 2));
      }
    }
    assertEquals(expected, String.join(" ", met));
  }

  @Test
  void the_rule_of_a_pair_names_chunk_and_distance() {
    HierarchicalChunking mechanism = fixed(2, "t=2");
    Inputs inputs = Evaluation.define(mechanism, tensors(1, 12)).inputs();
    assertEquals("own chunk: 2", mechanism.rule(inputs, 0, 0, 4, 5));
    assertEquals("neighbour -1: chunk 1", mechanism.rule(inputs, 0, 0, 4, 3));
    assertEquals("neighbour +1: chunk 3", mechanism.rule(inputs, 0, 0, 5, 6));
    assertEquals("not attended", mechanism.rule(inputs, 0, 0, 5, 8));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void one_chunk_of_everything_is_dense_attention(boolean causal) {
    Map<String, Tensor> tensors = tensors(2, 7);
    Tensor dense = out(dense(causal), tensors);
    Results.assertSameBits("JOINT", dense, out(fixed(7, "causal=" + causal), tensors));
    String[] sum = {"combination=SUM", "causal=" + causal};
    Results.assertSameBits("SUM", dense, out(fixed(99, sum), tensors));
    tensors.put("gate_logit", Tensor.of(Shape.of(1), 0));
    Tensor half = Tensor.generate(dense.shape(), p -> dense.get(p) / 2);
    String[] gated = {"combination=GATED", "causal=" + causal};
    Results.assertClose("GATED", half, out(fixed(7, gated), tensors), ROUNDING);
    String[] sequential = {"combination=SEQUENTIAL", "causal=" + causal};
    Results.assertSameBits(
        "SEQUENTIAL", Tensor.zeros(dense.shape()), out(fixed(7, sequential), tensors));
  }

  @ParameterizedTest
  @ValueSource(strings = {"WINDOW", "EACH_SIDE", "LEARNED"})
  void neighbours_that_cover_everything_make_dense_attention(String neighbours) {
    for (boolean causal : new boolean[] {false, true}) {
      Map<String, Tensor> tensors = tensors(2, 10);
      String[] settings = {"t=100", "neighbours=" + neighbours, "causal=" + causal};
      Results.assertSameBits(
          neighbours, out(dense(causal), tensors), out(fixed(3, settings), tensors));
    }
  }

  @Test
  void sequential_feeds_the_intra_output_to_the_cross_attention() {
    Map<String, Tensor> tensors = tensors(1, 6);
    Map<String, Tensor> second = new HashMap<>(tensors);
    second.put("q", out(fixed(3, "t=0"), tensors));
    second.put("mask", KeepMask.where(Shape.of(1, 1, 6, 6), x -> x[2] / 3 != x[3] / 3));
    Results.assertSameBits(
        "out", out(dense(false), second), out(fixed(3, "combination=SEQUENTIAL"), tensors));
  }

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = HierarchicalChunkingCases.all().getFirst().tensors();
    assertEquals(-0.3294794724, out(chunks(), tensors).get(0), PRINTED);
    assertEquals(-0.7292384120, out(chunks("sizeRule=LOG2"), tensors).get(0), PRINTED);
    assertEquals(-0.5716648960, out(chunks("combination=SUM"), tensors).get(0), PRINTED);
    assertEquals(-0.1246489112, out(chunks("neighbours=EACH_SIDE"), tensors).get(0), PRINTED);
    HierarchicalChunking literal =
        chunks("sizeRule=LOG2", "combination=SUM", "neighbours=EACH_SIDE", "tail=DROP");
    assertEquals(-1.2031707673, out(literal, tensors).get(0), PRINTED);
    assertEquals(0.0803406155, out(chunks(), tensors).at(0, 0, 17, 0), PRINTED);
    assertEquals(0, out(chunks("tail=DROP"), tensors).at(0, 0, 17, 0));
  }

  @Test
  void equal_scores_choose_the_lower_chunk_with_no_margin() {
    Map<String, Tensor> tensors = tensors(1, 8);
    tensors.put("k", Tensor.full(Shape.of(1, 1, 8, 4), 0.5));
    Answer answer = Evaluation.define(fixed(2, "neighbours=LEARNED", "t=2"), tensors).answer();
    assertArrayEquals(
        new double[] {1, 2, 0, 2, 0, 1, 0, 1}, Results.get(answer.choices(), "idx").toDoubles());
    assertEquals(0, answer.margin());
  }

  @Test
  void a_given_choice_gives_the_same_bits_as_the_one_that_was_made() {
    Map<String, Tensor> tensors = tensors(2, 11);
    HierarchicalChunking mechanism = fixed(3, "neighbours=LEARNED", "t=2");
    Map<String, Tensor> chosen = Evaluation.define(mechanism, tensors).results();
    tensors.put("idx", Results.get(chosen, "idx"));
    Map<String, Tensor> given = Evaluation.define(mechanism, tensors).results();
    chosen.forEach(
        (name, tensor) -> Results.assertSameBits(name, tensor, Results.get(given, name)));
  }

  @Test
  void learned_neighbours_differ_from_near_ones() {
    Map<String, Tensor> tensors = tensors(2, 12);
    Tensor near = out(fixed(2, "t=1"), tensors);
    assertFalse(near.bitEquals(out(fixed(2, "t=1", "neighbours=LEARNED"), tensors)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    Map<String, Tensor> tensors = tensors(1, 6);
    assertRefused("needs the tensor gate_logit", fixed(2, "combination=GATED"), tensors);
    Map<String, Tensor> cross = new HashMap<>(tensors);
    cross.put("q", Tensor.zeros(Shape.of(1, 1, 5, 4)));
    assertRefused("cut from one sequence", fixed(2), cross);
    Map<String, Tensor> wide = new HashMap<>(tensors);
    wide.put("v", Tensor.zeros(Shape.of(1, 1, 6, 5)));
    assertRefused("needs d_v = d", fixed(2, "combination=SEQUENTIAL"), wide);
    Map<String, Tensor> undefined = new HashMap<>(tensors);
    undefined.put("k", Tensor.full(Shape.of(1, 1, 6, 4), Double.NaN));
    assertRefused("NaN", fixed(2, "neighbours=LEARNED"), undefined);
    Map<String, Tensor> itself = new HashMap<>(tensors);
    itself.put("idx", Tensor.of(Shape.of(1, 1, 3, 1), 1, 1, 0));
    assertRefused("not the chunk itself", fixed(2, "neighbours=LEARNED"), itself);
    assertRefused("read with LEARNED only", fixed(2), itself);
    Map<String, Tensor> later = new HashMap<>(tensors);
    later.put("idx", Tensor.of(Shape.of(1, 1, 3, 1), -1, 2, 0));
    assertRefused("0..0", fixed(2, "neighbours=LEARNED", "causal=true"), later);
  }

  private static void assertRefused(String rule, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> out(mechanism, tensors), rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> tensors(int heads, int n) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, heads, n, 4)));
    }
    return tensors;
  }

  private static Mechanism dense(boolean causal) {
    return Settings.make(Dense.class, Map.of("causal", String.valueOf(causal)));
  }

  private static HierarchicalChunking chunks(String... settings) {
    return Settings.make(HierarchicalChunking.class, Settings.parse(List.of(settings)));
  }

  private static HierarchicalChunking fixed(int size, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("sizeRule=FIXED");
    all.add("size=" + size);
    return chunks(all.toArray(String[]::new));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
