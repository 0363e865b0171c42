package dev.assay.mechanism.hashed;

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
import dev.assay.tensor.Tolerance;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class InformerTest {
  private static final int N = 8;

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = InformerCases.all().get(1).tensors();
    Mechanism sum = informer("factor=1", "causal=true");
    assertEquals(-2.2366943359, out(sum, tensors).at(0, 0, 5, 0), PRINTED);
    Mechanism mean = informer("factor=1", "causal=true", "lazy=MEAN");
    assertEquals(-0.3727823893, out(mean, tensors).at(0, 0, 5, 0), PRINTED);
  }

  @Test
  void as_many_queries_as_the_published_table_says() {
    Informer informer = informer();
    int[] lengths = {96, 168, 336, 720, 5120, 20, 1, 0};
    int[] some = {25, 30, 30, 35, 45, 15, 1, 0};
    for (int e = 0; e < lengths.length; e++) {
      assertEquals(some[e], informer.some(lengths[e]), "n = " + lengths[e]);
    }
  }

  @Test
  void the_divisor_of_the_sum_decides_which_query_attends() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 2, 1), 3, -1));
    tensors.put("k", Tensor.of(Shape.of(1, 1, 4, 1), 2, 2, 0, -1));
    tensors.put("v", Tensor.of(Shape.of(1, 1, 4, 1), 1, 2, 3, 4));
    tensors.put("sampled", Tensor.of(Shape.of(2, 2), 0, 1, 0, 3));
    // Query 0 sees 6 and 6, query 1 sees -2 and 1.
    Evaluation keys = Evaluation.define(informer("factor=1"), tensors);
    assertArrayEquals(new double[] {0}, Results.get(keys.results(), "idx").toDoubles());
    assertEquals((6 - 12 / 4.0) - (1 + 1 / 4.0), keys.answer().margin(), 1e-15);
    assertEquals(2.5, keys.answer().out().value().get(1), "the mean of all values");
    Evaluation sample = Evaluation.define(informer("factor=1", "measure=SAMPLE"), tensors);
    assertArrayEquals(new double[] {1}, Results.get(sample.results(), "idx").toDoubles());
    assertEquals(1.5, sample.answer().margin(), 1e-15);
  }

  @Test
  void lazy_rows_are_sums_or_means_of_what_came_before() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("idx", Tensor.full(Shape.of(1, 2, 1), -1));
    Tensor v = Results.get(tensors, "v");
    Tensor sums = out(informer("causal=true"), tensors);
    Tensor means = out(informer("causal=true", "lazy=MEAN"), tensors);
    Tensor all = out(informer(), tensors);
    double sum = 0;
    for (int i = 0; i < N; i++) {
      sum += v.at(0, 1, i, 2);
      assertEquals(sum, sums.at(0, 1, i, 2), 1e-14);
      assertEquals(sum / (i + 1), means.at(0, 1, i, 2), 1e-14);
    }
    for (int i = 0; i < N; i++) {
      assertEquals(sum / N, all.at(0, 1, i, 2), 1e-14);
    }
  }

  @Test
  void with_every_query_chosen_it_is_dense_attention_bit_by_bit() {
    for (String causal : List.of("false", "true")) {
      Map<String, Tensor> dense =
          Evaluation.define(Settings.make(Dense.class, Map.of("causal", causal)), tensors())
              .results();
      Map<String, Tensor> own =
          Evaluation.define(informer("causal=" + causal), tensors()).results();
      for (String name : List.of("out", "dq", "dk", "dv")) {
        Results.assertClose(
            name,
            Results.get(dense, name),
            Results.get(own, name),
            Tolerance.exact("every row is a softmax over every key"));
      }
    }
  }

  @Test
  void given_choices_reproduce_the_answer() {
    Mechanism mechanism = informer("factor=1", "causal=true");
    Map<String, Tensor> chosen = Evaluation.define(mechanism, tensors()).results();
    for (String choice : List.of("idx", "sampled")) {
      Map<String, Tensor> tensors = tensors();
      tensors.put(choice, Results.get(chosen, choice));
      Map<String, Tensor> again = Evaluation.define(mechanism, tensors).results();
      for (String name : List.of("out", "dq", "dk", "dv", "idx")) {
        Results.assertSameBits(name, Results.get(chosen, name), Results.get(again, name));
      }
    }
  }

  @Test
  void the_same_seed_draws_the_same_keys_and_a_causal_sample_no_later_ones() {
    String[] visible = {"factor=2", "causal=true", "sample=VISIBLE"};
    Tensor first =
        Results.get(Evaluation.define(informer(visible), tensors()).results(), "sampled");
    Tensor again =
        Results.get(Evaluation.define(informer(visible), tensors()).results(), "sampled");
    Results.assertSameBits("sampled", first, again);
    for (int p = 0; p < first.size(); p++) {
      assertTrue(first.get(p) >= 0 && first.get(p) <= first.shape().index(p)[0]);
    }
    Tensor all =
        Results.get(Evaluation.define(informer("factor=2"), tensors()).results(), "sampled");
    assertTrue(Arrays.stream(all.toDoubles()).max().orElseThrow() > N / 2.0);
  }

  @Test
  void the_choice_of_queries_leaks_and_a_given_choice_does_not() {
    Mechanism causal = informer("factor=1", "causal=true", "sample=VISIBLE", "lazy=MEAN");
    Map<String, Tensor> tensors = tensors();
    assertFalse(LeakAudit.of(causal, tensors).orElseThrow().leaks().isEmpty());
    assertFalse(causal.leak().isEmpty());
    tensors.put("idx", Tensor.of(Shape.of(1, 2, 2), 2, 5, 1, 7));
    assertEquals(List.of(), LeakAudit.of(causal, tensors).orElseThrow().leaks());
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("factor is 0", () -> informer("factor=0"));
    Map<String, Tensor> cross = tensors();
    cross.put("q", Tensor.zeros(Shape.of(1, 2, 3, 4)));
    assertRefused("needs as many of both", () -> out(informer("causal=true"), cross));
    Map<String, Tensor> wrong = tensors();
    wrong.put("sampled", Tensor.zeros(Shape.of(3, 2)));
    assertRefused("sampled has shape", () -> out(informer(), wrong));
    wrong.put("sampled", Tensor.full(Shape.of(N, 2), N));
    assertRefused("sampled holds 8", () -> out(informer(), wrong));
    Map<String, Tensor> twice = tensors();
    twice.put("idx", Tensor.zeros(Shape.of(1, 2, 2)));
    assertRefused("idx lists 0", () -> out(informer(), twice));
    Map<String, Tensor> poisoned = tensors();
    poisoned.put("k", Tensor.full(Shape.of(1, 2, N, 4), Double.NaN));
    assertRefused("meets NaN", () -> out(informer(), poisoned));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable run) {
    var refusal = assertThrows(IllegalArgumentException.class, run, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, N, 4)));
    }
    return tensors;
  }

  private static Informer informer(String... settings) {
    return Settings.make(Informer.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
