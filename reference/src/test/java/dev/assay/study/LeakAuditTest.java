package dev.assay.study;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import dev.assay.mechanism.heads.HeadGate;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import org.junit.jupiter.api.Test;

class LeakAuditTest {
  private static Optional<LeakAudit> audit(Mechanism mechanism, int queries, int keys) {
    return LeakAudit.of(
        mechanism, Case.of(1, "x", mechanism).qkv(1, 2, 2, queries, keys, 4, 4).build().tensors());
  }

  @Test
  void causal_attention_lets_nothing_through() {
    LeakAudit audit =
        audit(Settings.make(Dense.class, Map.of("causal", "true")), 6, 6).orElseThrow();
    assertEquals(List.of(), audit.leaks());
    assertEquals(5, audit.tokens());
  }

  @Test
  void attention_in_both_directions_is_caught() {
    assertFalse(audit(Settings.defaults(Dense.class), 6, 6).orElseThrow().leaks().isEmpty());
  }

  @Test
  void a_gate_that_takes_a_mean_over_the_sequence_is_caught() {
    Mechanism gate = Settings.make(HeadGate.class, Map.of("causal", "true", "mode", "SOFT_TRAIN"));
    var tensors = new LinkedHashMap<>(gate.example(new dev.assay.mechanism.Example(2, 6, 4, 1)));
    assertFalse(gate.leak().isEmpty());
    assertFalse(LeakAudit.of(gate, tensors).orElseThrow().leaks().isEmpty());
  }

  @Test
  void rows_that_are_not_tokens_are_left_alone() {
    assertTrue(audit(Settings.make(Dense.class, Map.of("causal", "true")), 3, 6).isEmpty());
  }
}
