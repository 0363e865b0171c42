package dev.assay.gradcheck.certified;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.gradcheck.suite.GoldenCase;
import dev.assay.gradcheck.suite.Operation;
import dev.assay.gradcheck.suite.Suite;
import dev.assay.mechanism.Evaluation;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.fixed.SlidingWindow;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.math.BigDecimal;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Whole cases, forward and gradient, against {@link DecimalAttention}, which knows the formulas of
 * SPEC.md alone: no graph, no op, no ball.
 */
class WholeCasesTest {
  private static final Set<String> PLAIN = Set.of("q", "k", "v", "d_out", "d_lse");

  /** Pairs of queries and keys up to which the slow arithmetic takes part. */
  private static final int PAIRS = 150;

  /** Below it a value at 70 digits is 0: the suite's numbers are not so small. */
  private static final BigDecimal NOTHING = new BigDecimal("1e-55");

  private static boolean isPlain(GoldenCase golden) {
    boolean known =
        golden.mechanism() instanceof Dense || golden.mechanism() instanceof SlidingWindow;
    if (!known || golden.expect().isEmpty() || !PLAIN.containsAll(golden.inputs().keySet())) {
      return false;
    }
    Map<String, Object> op = Operation.of(golden);
    boolean bare =
        Objects.equals(op.getOrDefault("rope", "NONE"), "NONE")
            && Objects.equals(op.getOrDefault("alibi", "NONE"), "NONE")
            && Objects.equals(op.getOrDefault("softcap", "0x0.0p0"), "0x0.0p0");
    int pairs = 1;
    for (String extent : new String[] {"B", "Hq", "Sq", "Skv"}) {
      pairs *= (int) Objects.requireNonNull(op.get(extent));
    }
    return bare && pairs <= PAIRS && finite(golden.inputs()) && finite(golden.expect());
  }

  /** An empty row has no LSE that a decimal number could be. */
  private static boolean finite(Map<String, Tensor> tensors) {
    for (Tensor tensor : tensors.values()) {
      for (double value : tensor.toDoubles()) {
        if (!Double.isFinite(value)) {
          return false;
        }
      }
    }
    return true;
  }

  @Test
  void proven_values_are_what_seventy_digits_give() throws IOException {
    Certifier certifier = new Certifier();
    int cases = 0;
    int values = 0;
    for (GoldenCase golden : Suite.load().cases()) {
      if (isPlain(golden)) {
        Map<String, BigDecimal[]> truth = new DecimalAttention(golden).results();
        Map<String, Certificate> certificates =
            certifier.certify(Evaluation.define(golden.mechanism(), golden.inputs()));
        for (Map.Entry<String, Certificate> one : certificates.entrySet()) {
          values +=
              check(golden.name() + " " + one.getKey(), one.getValue(), truth.get(one.getKey()));
        }
        cases++;
      }
    }
    assertTrue(cases >= 10, cases + " cases");
    assertTrue(values >= 1000, values + " values");
  }

  private static int check(String what, Certificate proven, BigDecimal @Nullable [] truth) {
    BigDecimal[] right = Objects.requireNonNull(truth, what);
    assertEquals(right.length, proven.values(), what);
    for (int p = 0; p < right.length; p++) {
      double rounded = right[p].abs().compareTo(NOTHING) < 0 ? 0 : right[p].doubleValue();
      assertEquals(rounded, proven.value().get(p) + 0.0, what + " at " + p);
    }
    return right.length;
  }
}
