package dev.assay.mechanism.fixed;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Tape;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Example;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.stream.IntStream;

/** What tests of fixed patterns ask of a mechanism. */
final class Patterns {
  /** Recorded numbers have ten decimals. */
  static final double PRINTED = 1e-10;

  private Patterns() {}

  static <M extends Mechanism> M make(Class<M> type, String... settings) {
    return Settings.make(type, Settings.parse(List.of(settings)));
  }

  /** q, k, v, d_out and d_lse of one batch entry with as many key heads as heads, d = 4. */
  static Map<String, Tensor> tensors(int heads, int tokens) {
    return tensors(1, heads, heads, tokens, tokens);
  }

  static Map<String, Tensor> tensors(int batches, int heads, int kvHeads, int queries, int keys) {
    Map<String, Tensor> tensors = new HashMap<>();
    tensors.put("q", draw("q", Shape.of(batches, heads, queries, 4)));
    tensors.put("k", draw("k", Shape.of(batches, kvHeads, keys, 4)));
    tensors.put("v", draw("v", Shape.of(batches, kvHeads, keys, 4)));
    tensors.put("d_out", draw("d_out", Shape.of(batches, heads, queries, 4)));
    tensors.put("d_lse", draw("d_lse", Shape.of(batches, heads, queries)));
    return tensors;
  }

  static Tensor draw(String name, Shape shape) {
    return new Example(1, 1, 1, 20250101).draw(name, shape, CaseBuilder.UNIT);
  }

  static Map<String, Tensor> define(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).results();
  }

  static Tensor get(Map<String, Tensor> results, String name) {
    return Objects.requireNonNull(results.get(name), name + " is missing");
  }

  /** The keys that query i of head h attends to by the rules, in batch entry 0. */
  static List<Integer> keys(Mechanism mechanism, Map<String, Tensor> tensors, int h, int i) {
    Inputs inputs = Inputs.on(new Tape(), mechanism, tensors);
    Mechanism.Rules rules = mechanism.rules(inputs);
    return IntStream.range(0, inputs.var("k").shape().extent(2))
        .filter(j -> !rules.of(0, h, i, j).equals(Mechanism.NOT_ATTENDED))
        .boxed()
        .toList();
  }

  /** The element of out that a card quotes, of a case's tensors under other settings. */
  static double quoted(Case source, int[] at, String... settings) {
    Map<String, String> all = new HashMap<>(Settings.of(source.mechanism()));
    all.putAll(Settings.parse(List.of(settings)));
    Mechanism mechanism = Settings.make(source.mechanism().getClass(), all);
    return get(define(mechanism, source.tensors()), "out").at(at);
  }

  /** All results of one mechanism are those of another, bit by bit. */
  static void assertSame(Mechanism expected, Mechanism actual, Map<String, Tensor> tensors) {
    Map<String, Tensor> other = define(actual, tensors);
    define(expected, tensors)
        .forEach(
            (name, x) -> {
              if (other.containsKey(name) || name.equals("out")) {
                assertSameBits(name, x, get(other, name));
              }
            });
  }

  static void assertSameBits(String name, Tensor expected, Tensor actual) {
    assertEquals(expected.shape(), actual.shape(), name);
    for (int p = 0; p < expected.size(); p++) {
      assertEquals(
          Double.doubleToRawLongBits(expected.get(p)),
          Double.doubleToRawLongBits(actual.get(p)),
          name + Arrays.toString(expected.shape().index(p)) + ": " + actual.get(p));
    }
  }

  static void assertRefused(String rule, Class<? extends Mechanism> type, String... settings) {
    var refusal = assertThrows(IllegalArgumentException.class, () -> make(type, settings));
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }

  static void assertRefused(String rule, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> define(mechanism, tensors), rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }
}
