package dev.assay.mechanism.learned;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/** Evaluations of learned mechanisms, and what tests say of them. */
final class Runs {
  private static final int SEED = 4400;

  private Runs() {}

  static Mechanism make(Class<? extends Mechanism> type, String... settings) {
    return Settings.make(type, Settings.parse(List.of(settings)));
  }

  /** The case of that name, of a mechanism of the catalogue. */
  static Case find(String id, String name) {
    return MechanismCatalog.find(id).cases().stream()
        .filter(one -> one.name().equals(name))
        .findFirst()
        .orElseThrow();
  }

  static Map<String, Tensor> define(Mechanism mechanism, Map<String, Tensor> tensors) {
    return Evaluation.define(mechanism, tensors).results();
  }

  static Tensor get(Map<String, Tensor> results, String name) {
    return Objects.requireNonNull(results.get(name), name + " is missing");
  }

  static Tensor draw(String name, int... extents) {
    Philox generator = new Philox(SEED, Case.stream(name), 1);
    return Tensor.generate(
        Shape.of(extents), p -> Distribution.BELL.value(generator, p, CaseBuilder.UNIT));
  }

  /** q, k, v and d_out of one batch entry. */
  static Map<String, Tensor> qkv(int heads, int n, int d) {
    Map<String, Tensor> tensors = new LinkedHashMap<>();
    for (String name : List.of("q", "k", "v", "d_out")) {
      tensors.put(name, draw(name, 1, heads, n, d));
    }
    return tensors;
  }

  static void assertSameBits(String what, Tensor expected, Tensor found) {
    assertEquals(expected.shape(), found.shape(), what);
    for (int p = 0; p < expected.size(); p++) {
      assertEquals(
          Double.doubleToRawLongBits(expected.get(p)),
          Double.doubleToRawLongBits(found.get(p)),
          what + Arrays.toString(expected.shape().index(p)) + " is " + found.get(p));
    }
  }

  static void assertClose(String what, Tensor expected, Tensor found, double tolerance) {
    assertEquals(expected.shape(), found.shape(), what);
    for (int p = 0; p < expected.size(); p++) {
      int at = p;
      assertEquals(
          expected.get(p),
          found.get(p),
          tolerance,
          () -> what + Arrays.toString(expected.shape().index(at)));
    }
  }

  static boolean differ(Tensor a, Tensor b) {
    return !a.bitEquals(b);
  }

  static void assertRefused(String rule, Mechanism mechanism, Map<String, Tensor> tensors) {
    var refusal =
        assertThrows(IllegalArgumentException.class, () -> define(mechanism, tensors), rule);
    assertTrue(refusal.toString().contains(rule), refusal.toString());
  }
}
