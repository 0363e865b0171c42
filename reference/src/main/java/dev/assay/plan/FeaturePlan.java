package dev.assay.plan;

import dev.assay.check.Require;

/**
 * Attention through features: q and k hold phi(Q) and phi(K) already, and {@code out_i = sum_j (q_i
 * . k_j) v_j / (sum_j q_i . k_j + guard)} over the keys that the problem allows (lengths and the
 * causal frontier; no bias, mask, softcap, window or dropout). There is no LSE. Linear transformers
 * (Katharopoulos et al. 2020), Performer (Choromanski et al. 2021).
 *
 * @param guard added to the denominator, at least 0; a row whose denominator is 0 gives 0
 */
public record FeaturePlan(double guard) implements Plan {
  /** Checks the guard. */
  public FeaturePlan {
    Require.argument(
        guard >= 0 && Double.isFinite(guard),
        "guard is %s: it must be a finite number of at least 0",
        guard);
  }

  @Override
  public String kind() {
    return "feature";
  }
}
