package dev.assay.gradcheck.gradient;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Dense;
import java.util.Map;

/** Problems of dense attention that are just large enough to go wrong in every way. */
final class SmallCases {
  private static final int FIRST = 900_001;

  private SmallCases() {}

  /** Causal, two query heads to a key head, more queries than keys: two rows are empty. */
  static Case causal() {
    Dense causal = Settings.make(Dense.class, Map.of("causal", "true"));
    return Case.of(FIRST, "causal-empty-rows", causal).qkv(1, 4, 2, 7, 5, 4, 3).build();
  }

  /** With a softcap. */
  static Case softcap() {
    Dense capped = Settings.make(Dense.class, Map.of("softcap", "2"));
    return Case.of(FIRST + 1, "softcap", capped).qkv(2, 1, 1, 3, 4, 2, 2).build();
  }
}
