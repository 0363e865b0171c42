package dev.assay.mechanism.hashed;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.study.LeakAudit;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class RoutingTransformerTest {
  private static final int N = 6;
  private static final Tolerance ROUNDING =
      new Tolerance(1e-14, 1e-12, "fp64, in another association");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = RoutingTransformerCases.all().get(1).tensors();
    Mechanism position = routing("window=4", "causal=true");
    assertEquals(-0.4073520468, out(position, tensors).at(0, 0, 3, 0), PRINTED);
    Mechanism rank = routing("window=4", "causal=true", "order=RANK");
    assertEquals(0.2105407715, out(rank, tensors).at(0, 0, 3, 0), PRINTED);
  }

  @Test
  void a_centroid_takes_the_nearest_tokens_and_equals_by_their_position() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 4, 2), 1, 0, 0, 1, 2, 0, 3, 4));
    tensors.put("v", Tensor.of(Shape.of(1, 1, 4, 1), 1, 2, 4, 8));
    tensors.put("means", Tensor.of(Shape.of(1, 2, 2), 1, 0, 0, 1));
    Evaluation run = Evaluation.define(routing("window=2", "norm=UNIT"), tensors);
    assertArrayEquals(new double[] {0, 2, 1, 3}, Results.get(run.results(), "idx_q").toDoubles());
    assertEquals(0.4, run.answer().margin(), 1e-15, "token 3 is 0.6 and 0.8 from the axes");
    // A cluster of two: each token meets the other alone.
    assertArrayEquals(new double[] {4, 8, 1, 2}, run.answer().out().value().toDoubles());
  }

  @Test
  void a_token_of_no_cluster_gives_zero_and_one_of_two_the_mean() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("idx_q", Tensor.of(Shape.of(1, 1, 2, 2), 0, 1, 1, 2));
    tensors.put("idx_k", Tensor.of(Shape.of(1, 1, 2, 1), 3, 4));
    Tensor out = out(routing(), tensors);
    Tensor v = Results.get(tensors, "v");
    for (int c = 0; c < 4; c++) {
      assertEquals(v.at(0, 0, 3, c), out.at(0, 0, 0, c));
      assertEquals((v.at(0, 0, 3, c) + v.at(0, 0, 4, c)) / 2, out.at(0, 0, 1, c), 1e-16);
      assertEquals(v.at(0, 0, 4, c), out.at(0, 0, 2, c));
      assertEquals(0, out.at(0, 0, 5, c));
    }
    Tensor shrunk = out(routing("countEps=0.01"), tensors);
    assertEquals(v.at(0, 0, 3, 0) / 1.01, shrunk.at(0, 0, 0, 0), 1e-15);
  }

  @Test
  void one_cluster_of_all_tokens_is_dense_attention() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("means", LawSubject.draw("means", Shape.of(1, 1, 4)));
    for (String causal : List.of("false", "true")) {
      Map<String, Tensor> own =
          Evaluation.define(routing("norm=UNIT", "causal=" + causal), tensors).results();
      Map<String, Tensor> dense =
          Evaluation.define(Settings.make(Dense.class, Map.of("causal", causal)), tensors)
              .results();
      for (String name : List.of("out", "dq", "dk", "dv")) {
        Results.assertClose(name, Results.get(dense, name), Results.get(own, name), ROUNDING);
      }
    }
  }

  @Test
  void the_choice_of_the_whole_sequence_leaks_and_that_of_each_token_does_not() {
    Map<String, Tensor> tensors = tensors();
    Mechanism top = routing("window=2", "causal=true");
    assertFalse(LeakAudit.of(top, tensors).orElseThrow().leaks().isEmpty());
    assertFalse(top.leak().isEmpty());
    Mechanism nearest = routing("window=2", "causal=true", "routing=NEAREST");
    assertEquals(List.of(), LeakAudit.of(nearest, tensors).orElseThrow().leaks());
    assertTrue(nearest.leak().isEmpty());
  }

  @Test
  void given_choices_reproduce_the_answer() {
    Mechanism mechanism = routing("window=3", "causal=true");
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> chosen = Evaluation.define(mechanism, tensors).results();
    for (String name : List.of("idx_q", "idx_k")) {
      tensors.put(name, Results.get(chosen, name));
    }
    Evaluation.define(mechanism, tensors)
        .results()
        .forEach((name, x) -> Results.assertSameBits(name, Results.get(chosen, name), x));
  }

  @Test
  void memories_are_met_by_all_of_their_cluster() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("mem_k", LawSubject.draw("mem_k", Shape.of(1, 2, 1, 4)));
    tensors.put("mem_v", LawSubject.draw("mem_v", Shape.of(1, 2, 1, 4)));
    tensors.put("idx_q", Tensor.of(Shape.of(1, 1, 2, 1), 0, 1));
    tensors.put("idx_k", Tensor.of(Shape.of(1, 1, 2, 1), 5, -1));
    Mechanism causal = routing("causal=true");
    Tensor out = out(causal, tensors);
    Tensor memory = Results.get(tensors, "mem_v");
    for (int c = 0; c < 4; c++) {
      assertEquals(memory.at(0, 0, 0, c), out.at(0, 0, 0, c));
      assertEquals(memory.at(0, 1, 0, c), out.at(0, 0, 1, c));
    }
    Mechanism.Rules rules = causal.rules(Evaluation.define(causal, tensors).inputs());
    assertEquals("memory of cluster 1", rules.of(0, 0, 1, N + 1));
    assertEquals(Mechanism.NOT_ATTENDED, rules.of(0, 0, 0, 5));
  }

  @Test
  void a_centroid_moves_to_the_direction_of_its_tokens_and_stays_without_any() {
    Tensor x = Tensor.of(Shape.of(1, 1, 2, 2), 1, 0, 0, 1);
    Tensor means = Tensor.of(Shape.of(1, 2, 2), 1, 1, -1, 0);
    Tensor next = Centroids.next(x, means);
    double root = Math.sqrt(0.5);
    assertArrayEquals(new double[] {root, root, -1, 0}, next.toDoubles(), 1e-15);
    assertEquals(0.9 + 0.1 * root, Centroids.moved(means, next, 0.9).get(0), 1e-15);
  }

  @Test
  void padding_neither_pulls_at_a_centroid_nor_counts_in_the_commitment() {
    RoutingTransformer unit = routing("norm=UNIT");
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 2, 2), 3, 4, 7, 7));
    tensors.put("v", Tensor.zeros(Shape.of(1, 1, 2, 1)));
    tensors.put("means", Tensor.of(Shape.of(1, 2, 2), -1, 0, 0, 1));
    tensors.put("q_lens", Tensor.of(Shape.of(1), 1));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 1));
    Inputs inputs = Inputs.on(new Tape(), unit, tensors);
    // (0.6, 0.8) is nearest to (0, 1).
    assertEquals((0.36 + 0.04) / 2, unit.commitment(inputs).value().get(0), 1e-15);
    Tensor next = Centroids.next(unit.routed(inputs), Results.get(tensors, "means"));
    assertArrayEquals(new double[] {-1, 0, 0.6, 0.8}, next.toDoubles(), 1e-15);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("window is 0", () -> routing("window=0"));
    assertRefused("countEps is -1", () -> routing("countEps=-1"));
    Map<String, Tensor> tensors = tensors();
    tensors.put("means", Tensor.zeros(Shape.of(2, 2, 4)));
    assertRefused("means has shape", () -> out(routing(), tensors));
    Map<String, Tensor> half = tensors();
    half.put("mem_k", Tensor.zeros(Shape.of(1, 2, 1, 4)));
    assertRefused("belong together", () -> out(routing(), half));
    Map<String, Tensor> twice = tensors();
    twice.put("idx_q", Tensor.zeros(Shape.of(1, 1, 2, 2)));
    assertRefused("idx_q lists 0", () -> out(routing(), twice));
    Map<String, Tensor> poisoned = tensors();
    poisoned.put("k", Tensor.full(Shape.of(1, 1, N, 4), Double.NaN));
    assertRefused("routed by NaN", () -> out(routing(), poisoned));
    Map<String, Tensor> shared = tensors();
    shared.remove("k");
    shared.put("idx_k", Tensor.zeros(Shape.of(1, 1, 2, 1)));
    assertRefused("idx_k was given without k", () -> out(routing(), shared));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable run) {
    var refusal = assertThrows(IllegalArgumentException.class, run, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 1, N, 4)));
    }
    tensors.put("means", LawSubject.draw("means", Shape.of(1, 2, 4)));
    return tensors;
  }

  private static RoutingTransformer routing(String... settings) {
    return Settings.make(RoutingTransformer.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
