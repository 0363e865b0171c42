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
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LongNetTest {
  private static final int HEADS = 4;
  private static final int N = 8;
  private static final Tolerance ROUNDING =
      new Tolerance(1e-14, 1e-13, "the same sums in another order, two dozen fp64 terms");

  /** The recorded numbers have ten decimals. */
  private static final double PRINTED = 1e-10;

  @Test
  void the_readings_differ_on_the_recorded_example() {
    Map<String, Tensor> tensors = LongNetCases.all().getFirst().tensors();
    String causal = "causal=true";
    Map<String, Tensor> precise = define(dilated(causal), tensors);
    assertEquals(0.8406121486, Results.get(precise, "out").at(0, 1, 1, 0), PRINTED);
    assertEquals(0.0602527151, Results.get(precise, "dq").at(0, 0, 4, 0), PRINTED);
    Map<String, Tensor> groups = define(dilated(causal, "offsets=HEAD_GROUPS"), tensors);
    assertEquals(0.6446580693, Results.get(groups, "out").at(0, 1, 1, 0), PRINTED);
    Map<String, Tensor> detached = define(dilated(causal, "weights=DETACHED"), tensors);
    Results.assertSameBits("out", Results.get(precise, "out"), Results.get(detached, "out"));
    assertEquals(0.0741963361, Results.get(detached, "dq").at(0, 0, 4, 0), PRINTED);
  }

  /** A key with multiplicity c has its logit raised by log c. */
  @ParameterizedTest
  @ValueSource(strings = {"true", "false"})
  void it_is_dense_attention_over_the_multiset_of_keys(String causal) {
    Map<String, Tensor> tensors = tensors();
    Map<String, Tensor> found = define(dilated("causal=" + causal), tensors);
    tensors.put(
        "bias",
        Tensor.generate(
            Shape.of(1, HEADS, N, N),
            p -> {
              int[] x = Shape.of(1, HEADS, N, N).index(p);
              int count = x[2] / 4 == x[3] / 4 ? 1 : 0;
              count += x[2] % 2 == x[1] % 2 && x[3] % 2 == x[1] % 2 ? 1 : 0;
              return StrictMath.log(count);
            }));
    Map<String, Tensor> expected =
        define(Settings.make(Dense.class, Map.of("causal", causal)), tensors);
    expected.remove("dbias");
    Results.assertClose(expected, found, ROUNDING);
  }

  @Test
  void one_segment_over_everything_is_dense_attention() {
    Map<String, Tensor> tensors = tensors();
    Mechanism one = Settings.make(LongNet.class, Map.of("segments", "100", "ratios", "1"));
    Results.assertClose(
        define(Settings.make(Dense.class, Map.of()), tensors), define(one, tensors), ROUNDING);
  }

  @Test
  void a_token_that_no_branch_takes_gives_zero() {
    Map<String, Tensor> found =
        define(Settings.make(LongNet.class, Map.of("segments", "8", "ratios", "2")), tensors());
    for (int h = 0; h < HEADS; h++) {
      int left = (h + 1) % 2;
      assertEquals(0, Results.get(found, "out").at(0, h, left, 0));
      assertEquals(Double.NEGATIVE_INFINITY, Results.get(found, "lse").at(0, h, left));
      assertEquals(0, Results.get(found, "dv").at(0, h, left + 2, 1));
    }
  }

  @Test
  void heads_begin_one_by_one_or_in_groups() {
    String[] wide = {"segments=8", "ratios=4"};
    assertEquals(List.of(0, 1, 2, 3, 0, 1, 2, 3), starts(wide, "offsets=HEAD_MODULO"));
    assertEquals(List.of(0, 0, 1, 1, 2, 2, 3, 3), starts(wide, "offsets=HEAD_GROUPS"));
  }

  private static List<Integer> starts(String[] branches, String offsets) {
    List<String> settings = new ArrayList<>(List.of(branches));
    settings.add(offsets);
    LongNet net = Settings.make(LongNet.class, Settings.parse(settings));
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 8, N, 2)));
    }
    Mechanism.Rules rules = net.rules(Evaluation.define(net, tensors).inputs());
    List<Integer> starts = new ArrayList<>();
    for (int h = 0; h < 8; h++) {
      for (int i = 0; i < 4; i++) {
        if (!rules.of(0, h, i, i).equals(Mechanism.NOT_ATTENDED)) {
          starts.add(i);
        }
      }
    }
    return starts;
  }

  @Test
  void keys_of_zero_weigh_as_much_as_a_logit_of_zero() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, 1, 5, 2)));
    }
    Mechanism nothing = Settings.make(LongNet.class, Map.of("segments", "4", "ratios", "1"));
    Mechanism zeros =
        Settings.make(
            LongNet.class, Map.of("segments", "4", "ratios", "1", "filling", "ZERO_KEYS"));
    Tensor lse = Results.get(define(nothing, tensors), "lse");
    Tensor filled = Results.get(define(zeros, tensors), "lse");
    assertEquals(lse.get(3), filled.get(3), 1e-15, "the first segment lacks nothing");
    assertEquals(StrictMath.log(3 + StrictMath.exp(lse.get(4))), filled.get(4), 1e-15);
    Mechanism causal =
        Settings.make(
            LongNet.class,
            Map.of("segments", "4", "ratios", "1", "filling", "ZERO_KEYS", "causal", "true"));
    double own = StrictMath.exp(Results.get(define(causal, tensors), "lse").get(4));
    assertEquals(StrictMath.exp(lse.get(4)), own, 1e-14, "causality excludes them");
  }

  @Test
  void the_past_never_sees_the_future() {
    Map<String, Tensor> tensors = tensors();
    Tensor before = Results.get(define(dilated("causal=true"), tensors), "out");
    for (String name : List.of("q", "k", "v")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(name, Tensor.generate(x.shape(), p -> p / 4 % N < 5 ? x.get(p) : 3));
    }
    Tensor after = Results.get(define(dilated("causal=true"), tensors), "out");
    for (int p = 0; p < before.size(); p++) {
      if (p / 4 % N < 5) {
        assertEquals(before.get(p), after.get(p), "element " + p);
      }
    }
  }

  @Test
  void what_lies_behind_the_lengths_reaches_nothing() {
    Map<String, Tensor> tensors = tensors();
    tensors.put("q_lens", Tensor.of(Shape.of(1), 5));
    tensors.put("k_lens", Tensor.of(Shape.of(1), 5));
    Map<String, Tensor> clean = define(dilated(), tensors);
    for (String name : List.of("q", "k", "v", "d_out", "d_lse")) {
      Tensor x = Results.get(tensors, name);
      tensors.put(
          name, Tensor.generate(x.shape(), p -> x.shape().index(p)[2] < 5 ? x.get(p) : Double.NaN));
    }
    Map<String, Tensor> poisoned = define(dilated(), tensors);
    clean.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(poisoned, name)));
  }

  @Test
  void what_cannot_be_is_refused_in_a_sentence() {
    assertRefused("segments is '4,x'", () -> dilated("segments=4,x"));
    assertRefused("equally many", () -> dilated("segments=4"));
    assertRefused("ratio 5", () -> dilated("ratios=1,5", "segments=4,4"));
    assertRefused("ratios is ''", () -> dilated("ratios="));
    Map<String, Tensor> cross = tensors();
    cross.put("q", Tensor.zeros(Shape.of(1, HEADS, 3, 4)));
    assertRefused("3 queries came with 8 keys", () -> define(dilated(), cross));
    Map<String, Tensor> lengths = tensors();
    lengths.put("k_lens", Tensor.of(Shape.of(1), 5));
    assertRefused("ZERO_KEYS", () -> define(dilated("filling=ZERO_KEYS"), lengths));
  }

  private static void assertRefused(String rule, org.junit.jupiter.api.function.Executable what) {
    var refusal = assertThrows(IllegalArgumentException.class, what, rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  private static Map<String, Tensor> tensors() {
    Map<String, Tensor> tensors = new HashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, LawSubject.draw(name, Shape.of(1, HEADS, N, 4)));
    }
    tensors.put("d_lse", LawSubject.draw("d_lse", Shape.of(1, HEADS, N)));
    return tensors;
  }

  private static LongNet dilated(String... settings) {
    List<String> all = new ArrayList<>(List.of("segments=4,8", "ratios=1,2"));
    all.addAll(List.of(settings));
    return Settings.make(LongNet.class, Settings.parse(all));
  }

  private static Map<String, Tensor> define(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).results();
  }
}
