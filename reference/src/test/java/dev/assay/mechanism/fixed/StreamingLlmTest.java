package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Settings;
import dev.assay.op.Rotary.Layout;
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

class StreamingLlmTest {
  private static final Tolerance ROUNDING =
      new Tolerance(1e-14, 1e-13, "angles are taken from other positions; a dozen fp64 terms");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = StreamingLlmCases.all().getFirst().tensors();
    assertEquals(0.0245784884, out(streaming(), tensors).at(0, 0, 9, 0), PRINTED);
    assertEquals(
        0.0302680800, out(streaming("positions=ORIGINAL"), tensors).at(0, 0, 9, 0), PRINTED);
    assertEquals(-0.0424812904, out(streaming("evict=AFTER"), tensors).at(0, 0, 9, 0), PRINTED);
  }

  /** The loop as it is in a server: a list of cached tokens, dense attention over it, eviction. */
  @ParameterizedTest
  @CsvSource({
    "BEFORE, 1-1-1-1-1-1-1-1-1-1-1",
    "BEFORE, 3-2-1-3-1-1",
    "AFTER, 1-1-1-1-1-1-1-1-1-1-1",
    "AFTER, 6-1-4"
  })
  void it_is_dense_attention_over_a_cache_that_is_filled_and_emptied(String evict, String list) {
    int[] chunks = List.of(list.split("-")).stream().mapToInt(Integer::parseInt).toArray();
    Map<String, Tensor> tensors = qkv(11);
    tensors.put("chunks", Tensor.generate(Shape.of(chunks.length), p -> chunks[p]));
    Tensor found = out(streaming("evict=" + evict), tensors);
    List<Integer> cache = new ArrayList<>();
    int from = 0;
    for (int chunk : chunks) {
      if (evict.equals("BEFORE") && cache.size() + chunk > 5) {
        cache = kept(cache, 3 - chunk);
      }
      int before = cache.size();
      for (int a = 0; a < chunk; a++) {
        cache.add(from + a);
      }
      Tensor expected = overCache(tensors, cache, before);
      Results.assertClose("chunk at " + from, expected, rows(found, from, chunk), ROUNDING);
      if (evict.equals("AFTER") && cache.size() > 5) {
        cache = kept(cache, 3);
      }
      from += chunk;
    }
  }

  private static List<Integer> kept(List<Integer> cache, int recent) {
    List<Integer> kept = new ArrayList<>(cache.subList(0, 2));
    kept.addAll(cache.subList(cache.size() - recent, cache.size()));
    return kept;
  }

  private static Tensor overCache(Map<String, Tensor> tensors, List<Integer> cache, int before) {
    Map<String, Tensor> step = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      int skipped = name.equals("q") ? before : 0;
      Tensor x = Results.get(tensors, name);
      Shape shape = x.shape().with(2, cache.size() - skipped);
      Tensor taken =
          Tensor.generate(
              shape,
              p -> {
                int[] at = shape.index(p);
                at[2] = cache.get(at[2] + skipped);
                return x.at(at);
              });
      step.put(name, name.equals("v") ? taken : turned(taken, skipped));
    }
    return out(Settings.make(Dense.class, Map.of("causal", "true")), step);
  }

  /** Row r turned as one that stands at r + first. */
  private static Tensor turned(Tensor x, int first) {
    Tape tape = new Tape();
    return new RotaryAngles(Layout.HALF, 10000, 4, null, null)
        .turn(tape.leaf("x", x), (b, r) -> r + first)
        .value();
  }

  @ParameterizedTest
  @ValueSource(strings = {"CACHE", "ORIGINAL"})
  void a_sequence_that_fits_is_dense_causal_attention(String positions) {
    Map<String, Tensor> tensors = qkv(5);
    Mechanism dense = Settings.make(Dense.class, Map.of("causal", "true", "rope", "HALF"));
    Map<String, Tensor> expected = Evaluation.define(dense, tensors).results();
    Map<String, Tensor> found =
        Evaluation.define(streaming("positions=" + positions), tensors).results();
    Results.assertClose(expected, found, ROUNDING);
  }

  @Test
  void without_sinks_and_positions_it_is_a_sliding_window() {
    Map<String, Tensor> tensors = qkv(9);
    Tensor window = out(Settings.make(SlidingWindow.class, Map.of("window", "3")), tensors);
    Results.assertSameBits("out", window, out(streaming("sinks=0", "encoding=NONE"), tensors));
  }

  @Test
  void the_last_queries_alone_give_the_last_rows() {
    Map<String, Tensor> tensors = qkv(9);
    Tensor whole = out(streaming(), tensors);
    tensors.put("q", rows(Results.get(tensors, "q"), 7, 2));
    Results.assertSameBits("out", rows(whole, 7, 2), out(streaming(), tensors));
  }

  @Test
  void linear_biases_use_the_distance_within_the_cache() {
    Map<String, Tensor> tensors = qkv(9);
    tensors.put("k", Tensor.zeros(Shape.of(1, 2, 9, 4)));
    tensors.put("v", Tensor.generate(Shape.of(1, 2, 9, 4), p -> p / 4 % 9 == 0 ? 1 : 0));
    Tensor out = out(streaming("encoding=ALIBI"), tensors);
    // The last query stands at place 4 behind the places 0, 1, 2 and 3.
    double sum = 0;
    for (int distance = 0; distance < 5; distance++) {
      sum += StrictMath.exp(-distance / 16.0);
    }
    assertEquals(StrictMath.exp(-4 / 16.0) / sum, out.at(0, 0, 8, 0), 1e-15);
  }

  @Test
  void one_more_in_the_denominator_is_a_key_of_zeros() {
    Map<String, Tensor> tensors = qkv(4);
    Tensor found = out(streaming("offByOne=true", "encoding=NONE"), tensors);
    Map<String, Tensor> more = new HashMap<>(tensors);
    for (String name : List.of("k", "v")) {
      Tensor x = Results.get(tensors, name);
      more.put(
          name,
          Tensor.generate(
              Shape.of(1, 2, 5, 4), p -> p / 4 % 5 == 0 ? 0 : x.get(p - 4 * (p / 20 + 1))));
    }
    Mechanism dense = Settings.make(Dense.class, Map.of("causal", "true"));
    Results.assertClose("out", out(dense, more), found, ROUNDING);
  }

  @Test
  void the_past_never_sees_the_future() {
    Map<String, Tensor> tensors = qkv(9);
    Tensor before = out(streaming(), tensors);
    for (String name : List.of("q", "k", "v")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(name, Tensor.generate(x.shape(), p -> p / 4 % 9 < 6 ? x.get(p) : 3));
    }
    Results.assertSameBits("out", rows(before, 0, 6), rows(out(streaming(), tensors), 0, 6));
  }

  @Test
  void the_rules_name_sinks_and_recent_keys() {
    Map<String, Tensor> tensors = qkv(9);
    StreamingLlm streaming = streaming();
    Mechanism.Rules rules = streaming.rules(Evaluation.define(streaming, tensors).inputs());
    assertEquals("sink: 1", rules.of(0, 0, 8, 1));
    assertEquals("recent: 2", rules.of(0, 0, 8, 6));
    assertEquals("own position", rules.of(0, 0, 8, 8));
    assertEquals(Mechanism.NOT_ATTENDED, rules.of(0, 0, 8, 5));
    assertEquals(Mechanism.NOT_ATTENDED, rules.of(0, 0, 3, 4));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("recent is 0", () -> streaming("recent=0"));
    assertRefused("chunk is 4", () -> streaming("chunk=4"));
    assertRefused("sinks", () -> streaming("sinks=-1"));
    Map<String, Tensor> tensors = qkv(9);
    tensors.put("chunks", Tensor.of(Shape.of(2), 2, 4));
    assertRefused("does not fit", () -> out(streaming(), tensors));
    tensors.put("chunks", Tensor.of(Shape.of(2), 2, 0));
    assertRefused("chunks lists", () -> out(streaming(), tensors));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable what) {
    var refusal = assertThrows(IllegalArgumentException.class, what, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> qkv(int n) {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, n, 4)));
    }
    return tensors;
  }

  private static Tensor rows(Tensor x, int from, int count) {
    Shape shape = x.shape().with(2, count);
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          at[2] += from;
          return x.at(at);
        });
  }

  private static StreamingLlm streaming(String... settings) {
    List<String> all = new ArrayList<>(List.of("sinks=2", "recent=3"));
    all.addAll(List.of(settings));
    return Settings.make(StreamingLlm.class, Settings.parse(all));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
