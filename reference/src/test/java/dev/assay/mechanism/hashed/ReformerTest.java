package dev.assay.mechanism.hashed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.engine.ScalarEngine;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.MergePlan;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class ReformerTest {
  private static final int N = 8;
  private static final Tolerance ROUNDING =
      new Tolerance(1e-14, 1e-12, "fp64, in another association");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = ReformerCases.all().getFirst().tensors();
    Mechanism counted = reformer("chunk=3", "buckets=4");
    assertEquals(0.2209148063, out(counted, tensors).at(0, 0, 1, 0), PRINTED);
    Mechanism once = reformer("chunk=3", "buckets=4", "duplicates=ONCE");
    assertEquals(0.1410324896, out(once, tensors).at(0, 0, 1, 0), PRINTED);
  }

  @Test
  void the_bucket_is_the_nearest_of_the_directions_and_their_opposites() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 4, 2), 2, 1, -1, 3, -5, -4, 1, -2));
    tensors.put("v", Tensor.zeros(Shape.of(1, 1, 4, 1)));
    tensors.put("rotations", Tensor.of(Shape.of(1, 2, 1, 2), 1, 0, 0, 1));
    Evaluation run = Evaluation.define(reformer("rounds=1", "buckets=4"), tensors);
    Tensor buckets = Results.get(run.results(), "buckets");
    assertSame(new double[] {0, 1, 2, 3}, buckets);
    assertEquals(1, run.answer().margin(), "token 0 is 2 from one direction and 1 from the other");
  }

  @Test
  void two_hashes_make_a_bucket_of_two_digits() {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", Tensor.of(Shape.of(1, 1, 2, 2), 2, 1, -1, -3));
    tensors.put("v", Tensor.zeros(Shape.of(1, 1, 2, 1)));
    // The first hash looks at channel 0, the second at both.
    tensors.put("rotations", Tensor.of(Shape.of(1, 2, 1, 3), 1, 1, 0, 0, 0, 1));
    Mechanism twice = reformer("rounds=1", "buckets=2", "secondBuckets=4");
    Tensor buckets = Results.get(Evaluation.define(twice, tensors).results(), "buckets");
    assertSame(new double[] {0 + 2 * 0, 1 + 2 * 3}, buckets);
  }

  @Test
  void equal_directions_give_the_lowest_bucket() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("rotations", Tensor.zeros(Shape.of(1, 4, 2, 2)));
    Evaluation run = Evaluation.define(reformer("buckets=4"), tensors);
    assertSame(new double[32], Results.get(run.results(), "buckets"));
    assertEquals(0, run.answer().margin());
  }

  @Test
  void a_single_chunk_is_dense_attention_of_queries_over_themselves() {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> own =
        Evaluation.define(reformer("chunk=8", "itself=LIKE_OTHERS", "rounds=3"), tensors).results();
    Tensor q = Results.get(tensors, "q");
    Map<String, Tensor> shared = new HashMap<>(tensors);
    shared.put("k", normalised(q));
    Tensor dense = out(Settings.defaults(Dense.class), shared);
    Results.assertClose("out", dense, Results.get(own, "out"), ROUNDING);
  }

  private static Tensor normalised(Tensor q) {
    return Tensor.generate(
        q.shape(),
        p -> {
          double squares = 0;
          for (int c = 0; c < 4; c++) {
            squares += q.get(p / 4 * 4 + c) * q.get(p / 4 * 4 + c);
          }
          return q.get(p) / StrictMath.sqrt(squares / 4 + 1e-6);
        });
  }

  @Test
  void joining_the_rounds_by_their_lse_counts_a_key_for_each_round() {
    Map<String, Tensor> tensors = tensors();
    tensors.keySet().retainAll(List.of("q", "v"));
    Mechanism both = reformer("chunk=2", "buckets=4", "circular=false", "itself=LIKE_OTHERS");
    Reformer one =
        reformer("chunk=2", "buckets=4", "circular=false", "itself=LIKE_OTHERS", "rounds=1");
    Evaluation joined = Evaluation.define(both, tensors);
    Tensor buckets = Results.get(joined.results(), "buckets");
    Tensor q = Results.get(tensors, "q");
    AttentionProblem problem =
        AttentionProblem.of(q, normalised(q), Results.get(tensors, "v")).build();
    List<Branch> rounds = new ArrayList<>();
    for (int round = 0; round < 2; round++) {
      int from = round * N;
      Tensor own =
          Tensor.generate(Shape.of(1, 2, 1, N), p -> buckets.get(p / N * 2 * N + from + p % N));
      SortedChunks sorted = new SortedChunks(one, own, new int[] {N});
      rounds.add(new Branch(problem, (GatherPlan) sorted.met().pairs().plan()));
    }
    var merged = new ScalarEngine().forward(problem, new MergePlan(rounds, null));
    Results.assertClose("out", merged.out(), joined.answer().out().value(), ROUNDING);
  }

  @Test
  void a_token_meets_itself_only_for_lack_of_others() {
    Mechanism causal = reformer("chunk=2", "buckets=4", "causal=true");
    Map<String, Tensor> tensors = tensors();
    Evaluation run = Evaluation.define(causal, tensors);
    Mechanism.Rules rules = causal.rules(run.inputs());
    assertEquals("itself", rules.of(0, 0, 0, 0));
    for (int i = 0; i < N; i++) {
      int others = 0;
      for (int j = 0; j < N; j++) {
        others += j != i && !rules.of(0, 0, i, j).equals(Mechanism.NOT_ATTENDED) ? 1 : 0;
      }
      assertEquals(others == 0, rules.of(0, 0, i, i).equals("itself"), "token " + i);
    }
    Tensor v = Results.get(tensors, "v");
    assertEquals(v.at(0, 0, 0, 1), run.answer().out().value().at(0, 0, 0, 1));
  }

  @Test
  void the_past_does_not_see_the_future_while_the_buckets_of_the_past_stay() {
    Mechanism causal = reformer("chunk=2", "buckets=4", "causal=true", "rounds=1");
    Map<String, Tensor> tensors = tensors();
    Evaluation before = Evaluation.define(causal, tensors);
    tensors.put("buckets", Results.get(before.results(), "buckets"));
    for (String name : List.of("q", "v")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name, Tensor.generate(x.shape(), p -> x.shape().index(p)[2] < 5 ? x.get(p) : -x.get(p)));
    }
    Tensor after = out(causal, tensors);
    Tensor first = before.answer().out().value();
    for (int p = 0; p < after.size(); p++) {
      if (after.shape().index(p)[2] < 5) {
        assertEquals(first.get(p), after.get(p), "row " + after.shape().index(p)[2]);
      }
    }
  }

  @Test
  void given_choices_reproduce_the_answer() {
    Mechanism mechanism = reformer("chunk=3", "buckets=4", "causal=true");
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> chosen = Evaluation.define(mechanism, tensors).results();
    for (String choice : List.of("buckets", "rotations")) {
      Map<String, Tensor> given = new HashMap<>(tensors);
      given.put(choice, Results.get(chosen, choice));
      Map<String, Tensor> again = Evaluation.define(mechanism, given).results();
      for (String name : List.of("out", "lse", "dq", "dv", "buckets")) {
        Results.assertSameBits(name, Results.get(chosen, name), Results.get(again, name));
      }
    }
  }

  @Test
  void a_row_of_zeros_has_a_key_of_zeros_and_finite_gradients() {
    Map<String, Tensor> tensors = tensors();
    Tensor q = Results.get(tensors, "q");
    tensors.put("q", Tensor.generate(q.shape(), p -> q.shape().index(p)[2] == 3 ? 0 : q.get(p)));
    for (String norm : List.of("RMS", "UNIT")) {
      Evaluation.define(reformer("norm=" + norm, "chunk=3"), tensors)
          .results()
          .forEach((name, x) -> assertTrue(finite(x), name));
    }
  }

  private static boolean finite(Tensor x) {
    return Arrays.stream(x.toDoubles()).allMatch(Double::isFinite);
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("buckets is 3", () -> reformer("buckets=3"));
    assertRefused("secondBuckets is 1", () -> reformer("secondBuckets=1"));
    assertRefused("chunk is 0", () -> reformer("chunk=0"));
    Map<String, Tensor> wrong = tensors();
    wrong.put("rotations", Tensor.zeros(Shape.of(1, 4, 1, 2)));
    assertRefused("rotations has shape", () -> out(reformer("buckets=4"), wrong));
    Map<String, Tensor> high = tensors();
    high.put("buckets", Tensor.full(Shape.of(1, 2, 2, N), 4));
    assertRefused("buckets holds 4", () -> out(reformer("buckets=4"), high));
    Map<String, Tensor> poisoned = tensors();
    poisoned.put("q", Tensor.full(Shape.of(1, 2, N, 4), Double.NaN));
    assertRefused("hashed by NaN", () -> out(reformer(), poisoned));
    Map<String, Tensor> far = tensors();
    far.put("k_lens", Tensor.of(Shape.of(1), N + 1));
    assertRefused("k_lens holds 9", () -> out(reformer(), far));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable run) {
    var refusal = assertThrows(IllegalArgumentException.class, run, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static void assertSame(double[] expected, Tensor found) {
    org.junit.jupiter.api.Assertions.assertArrayEquals(expected, found.toDoubles());
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, N, 4)));
    }
    return tensors;
  }

  private static Reformer reformer(String... settings) {
    return Settings.make(Reformer.class, Settings.parse(List.of(settings)));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
