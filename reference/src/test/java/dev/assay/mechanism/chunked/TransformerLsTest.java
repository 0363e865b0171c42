package dev.assay.mechanism.chunked;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.LawSubject;
import dev.assay.catalog.Results;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class TransformerLsTest {
  private static final int N = 8;
  private static final Tolerance ROUNDING =
      new Tolerance(1e-14, 1e-13, "the same sums in another order, a dozen fp64 terms");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = TransformerLsCases.all().getFirst().tensors();
    assertEquals(-0.4278652291, out(ls(), tensors).at(0, 0, 0, 0), PRINTED);
    assertEquals(-0.5495276120, out(ls("order=CHAINED"), tensors).at(0, 0, 0, 0), PRINTED);
  }

  @Test
  void near_keys_alone_over_everything_are_dense_attention() {
    Map<String, Tensor> tensors = tensors();
    tensors.remove("p");
    Tensor dense = out(Settings.make(Dense.class, Map.of()), tensors);
    Results.assertSameBits("out", dense, out(ls("norm=NONE", "segment=8", "reach=0"), tensors));
  }

  @Test
  void causal_near_keys_alone_are_a_sliding_window() {
    Map<String, Tensor> tensors = tensors();
    tensors.remove("p");
    Tensor window = out(Settings.make(SlidingWindow.class, Map.of("window", "4")), tensors);
    Results.assertSameBits("out", window, out(ls("norm=NONE", "causal=true"), tensors));
  }

  @Test
  void equal_logits_compress_to_the_mean() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("p", Tensor.zeros(Shape.of(1, 2, N, 1)));
    Tensor out = out(ls("norm=NONE", "segment=0"), tensors);
    Tensor v = Results.get(tensors, "v");
    double mean = 0;
    for (int j = 0; j < N; j++) {
      mean += v.at(0, 1, j, 2) / N;
    }
    assertEquals(mean, out.at(0, 1, 5, 2), 1e-15, "the only key, whatever the query");
  }

  @Test
  void a_large_logit_makes_a_compressed_key_of_one_token_which_then_counts_twice() {
    Map<String, Tensor> tensors = tensors();
    Shape shape = Shape.of(1, 2, N, 1);
    tensors.put("p", Tensor.generate(shape, x -> x % N == 3 ? 1000 : 0));
    Tensor found = out(ls("norm=NONE", "segment=8", "reach=0"), tensors);
    tensors.put("bias", Tensor.generate(Shape.of(1, 1, 1, N), j -> j == 3 ? StrictMath.log(2) : 0));
    Tensor expected = out(Settings.make(Dense.class, Map.of()), tensors);
    Results.assertClose("out", expected, found, ROUNDING);
  }

  @Test
  void a_segment_shares_its_near_keys() {
    assertEquals("2-7 2-7 2-7 2-7", near("segment=4", 4));
    assertEquals("1-7 1-7", near("segment=2,reach=3", 4));
    assertEquals("1-4", near("segment=4,causal=true", 4));
  }

  /** First and last near key of each query of one segment, from that query on. */
  private static String near(String settings, int from) {
    List<String> all = new ArrayList<>(List.of(settings.split(",")));
    all.add("norm=NONE");
    TransformerLs ls = Settings.make(TransformerLs.class, Settings.parse(all));
    Map<String, Tensor> tensors = tensors();
    tensors.remove("p");
    Mechanism.Rules rules = ls.rules(Evaluation.define(ls, tensors).inputs());
    List<String> spans = new ArrayList<>();
    for (int i = from; i < (ls.causal() ? from + 1 : from + ls.segment()); i++) {
      List<Integer> met = new ArrayList<>();
      for (int j = 0; j < N; j++) {
        if (rules.of(0, 0, i, j).startsWith("near")) {
          met.add(j);
        }
      }
      assertEquals(met.getLast() - met.getFirst() + 1, met.size());
      spans.add(met.getFirst() + "-" + met.getLast());
    }
    return String.join(" ", spans);
  }

  @Test
  void a_chunk_is_seen_behind_itself_or_from_its_last_token_on() {
    assertEquals(List.of(0, 0, 0, 1, 1, 1, 2, 2), chunksSeen("BEFORE_OWN"));
    assertEquals(List.of(0, 0, 1, 1, 1, 2, 2, 2), chunksSeen("COMPLETE"));
  }

  private static List<Integer> chunksSeen(String visible) {
    TransformerLs ls = ls("causal=true", "chunk=3", "norm=NONE", "visible=" + visible);
    Map<String, Tensor> tensors = tensors();
    tensors.put("p", LawSubject.draw("p", Shape.of(1, 2, N, 1)));
    Mechanism.Rules rules = ls.rules(Evaluation.define(ls, tensors).inputs());
    List<Integer> seen = new ArrayList<>();
    for (int i = 0; i < N; i++) {
      int count = 0;
      for (int c = 0; c < 3; c++) {
        count += rules.of(0, 0, i, c).startsWith("compressed") ? 1 : 0;
      }
      seen.add(count);
    }
    return seen;
  }

  @Test
  void normalised_keys_have_mean_zero_and_their_gain_and_shift() {
    Map<String, Tensor> tensors = tensors();
    tensors.remove("p");
    tensors.put("ln_l_weight", Tensor.zeros(Shape.of(8)));
    tensors.put("ln_l_bias", Tensor.generate(Shape.of(8), c -> c));
    Tensor out = out(ls("segment=1", "reach=0"), tensors);
    assertEquals(6, out.at(0, 1, 3, 2), 1e-15, "the shift of channel 2 of head 1");
  }

  @Test
  void the_past_never_sees_the_future() {
    TransformerLs ls = ls("causal=true", "chunk=2");
    Map<String, Tensor> tensors = tensors();
    Tensor before = out(ls, tensors);
    for (String name : List.of("q", "k", "v", "p")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(name, Tensor.generate(x.shape(), p -> x.shape().index(p)[2] < 5 ? x.get(p) : 3));
    }
    Tensor after = out(ls, tensors);
    for (int p = 0; p < before.size(); p++) {
      if (p / 4 % N < 5) {
        assertEquals(before.get(p), after.get(p), "element " + p);
      }
    }
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("reach is -2", () -> ls("reach=-2"));
    assertRefused("chunk", () -> ls("chunk=0"));
    Map<String, Tensor> tensors = tensors();
    tensors.put("p", Tensor.zeros(Shape.of(1, 2, 3, 1)));
    assertRefused("[1, 2, 8, r] is needed", () -> out(ls(), tensors));
    Map<String, Tensor> narrow = tensors();
    narrow.put("ln_s_bias", Tensor.zeros(Shape.of(4)));
    assertRefused("[8] is needed", () -> out(ls(), narrow));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable what) {
    var refusal = assertThrows(IllegalArgumentException.class, what, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 2, N, 4)));
    }
    tensors.put("p", LawSubject.draw("p", Shape.of(1, 2, N, 2)));
    return tensors;
  }

  private static TransformerLs ls(String... settings) {
    List<String> all = new ArrayList<>(List.of("segment=4"));
    all.addAll(List.of(settings));
    return Settings.make(TransformerLs.class, Settings.parse(all));
  }

  private static Tensor out(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Results.get(Evaluation.define(mechanism, tensors).results(), "out");
  }
}
