package dev.assay.catalog;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** What holds for every mechanism, bit by bit. */
class MechanismLawsTest {
  private static final int N = 8;
  private static final Set<String> BY_TOKEN =
      Set.of("q", "k", "v", "d_out", "d_lse", "decay", "beta");

  static List<LawSubject> subjects() {
    return LawSubject.all();
  }

  static List<LawSubject> blindSubjects() {
    return LawSubject.all().stream().filter(LawSubject::blindToFuture).toList();
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void exchanging_batch_entries_exchanges_the_results(LawSubject subject) {
    Map<String, Tensor> tensors = subject.tensors(N);
    Map<String, Tensor> before = subject.define(tensors);
    tensors.replaceAll((name, x) -> BY_TOKEN.contains(name) ? turn(x, 0) : x);
    Map<String, Tensor> after = subject.define(tensors);
    before.forEach(
        (name, x) -> {
          if (BY_TOKEN.contains(name.replaceFirst("^d(?=[qkv]$)", "")) || isResultByBatch(name)) {
            Results.assertSameBits(name, turn(x, 0), Results.get(after, name));
          }
        });
  }

  private static boolean isResultByBatch(String name) {
    return Set.of("out", "lse", "idx", "active", "buckets", "key_buckets").contains(name);
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void rotating_heads_rotates_the_results(LawSubject subject) {
    Map<String, Tensor> tensors = subject.tensors(N);
    Map<String, Tensor> before = subject.define(tensors);
    tensors.replaceAll((name, x) -> turnHeads(name, x));
    Map<String, Tensor> after = subject.define(tensors);
    assertEquals(before.keySet(), after.keySet());
    before.forEach(
        (name, x) -> {
          if (!Set.of("d_gate_logit", "d_e", "d_f").contains(name)) {
            Results.assertSameBits(name, turnHeads(name, x), Results.get(after, name));
          }
        });
  }

  private static Tensor turnHeads(String name, Tensor x) {
    boolean headsFirst = Set.of("w_gate", "d_w_gate", "block_mask").contains(name);
    boolean headless =
        name.endsWith("gate_logit") || Set.of("projection", "e", "f", "d_e", "d_f").contains(name);
    return headless ? x : turn(x, headsFirst ? 0 : 1);
  }

  /** Every slab along an axis moves one place on; the last becomes the first. */
  private static Tensor turn(Tensor x, int axis) {
    int extent = x.shape().extent(axis);
    return Tensor.generate(
        x.shape(),
        p -> {
          int[] from = x.shape().index(p);
          from[axis] = (from[axis] + extent - 1) % extent;
          return x.at(from);
        });
  }

  @ParameterizedTest
  @MethodSource("blindSubjects")
  void the_past_never_sees_the_future(LawSubject subject) {
    int split = 2 * subject.unit();
    Map<String, Tensor> tensors = subject.tensors(N);
    Map<String, Tensor> before = subject.define(tensors);
    Map<String, Tensor> after = subject.define(withFuture(tensors, split));
    for (String name : List.of("out", "lse")) {
      if (before.containsKey(name)) {
        Results.assertSameBits(
            name, rows(Results.get(before, name), split), rows(Results.get(after, name), split));
      }
    }
  }

  private static Map<String, Tensor> withFuture(Map<String, Tensor> tensors, int split) {
    Map<String, Tensor> other = new HashMap<>(tensors);
    for (String name : List.of("q", "k", "v")) {
      Tensor x = Results.get(tensors, name);
      other.put(
          name,
          Tensor.generate(
              x.shape(), p -> x.shape().index(p)[2] < split ? x.get(p) : 3 - 2 * x.get(p)));
    }
    return other;
  }

  private static Tensor rows(Tensor x, int end) {
    Shape shape = x.shape().with(2, end);
    return Tensor.generate(shape, p -> x.at(shape.index(p)));
  }

  @ParameterizedTest
  @MethodSource("subjects")
  void what_lies_behind_the_lengths_reaches_nothing(LawSubject subject) {
    Map<String, Tensor> tensors = subject.tensors(N);
    int[] lengths = {5, 8};
    Tensor given = Tensor.of(Shape.of(2), 5, 8);
    tensors.put("q_lens", given);
    tensors.put("k_lens", given);
    Map<String, Tensor> before = subject.define(tensors);
    tensors.replaceAll((name, x) -> BY_TOKEN.contains(name) ? poisoned(x, lengths) : x);
    Map<String, Tensor> after = subject.define(tensors);
    before.forEach((name, x) -> Results.assertSameBits(name, x, Results.get(after, name)));
    for (String name : List.of("out", "dq", "dk", "dv")) {
      assertZeroBehind(name, Results.get(after, name), lengths);
    }
  }

  private static Tensor poisoned(Tensor x, int[] lengths) {
    return Tensor.generate(
        x.shape(),
        p -> {
          int[] at = x.shape().index(p);
          return at[2] < lengths[at[0]] ? x.get(p) : Double.NaN;
        });
  }

  private static void assertZeroBehind(String name, Tensor x, int[] lengths) {
    for (int p = 0; p < x.size(); p++) {
      int[] at = x.shape().index(p);
      if (at[2] >= lengths[at[0]]) {
        assertEquals(0, x.get(p), name);
      }
    }
  }
}
