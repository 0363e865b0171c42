package dev.assay.plan;

import dev.assay.check.Require;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A causal linear recurrence over a state S of d x d_v numbers per head, started at 0: at each
 * token
 *
 * <pre>
 * LINEAR        S = S + k v^T
 * GATED         S = diag(a) S + k v^T
 * DELTA         S = S + beta k (v - S^T k)^T
 * GATED_DELTA   S = diag(a) S;  S = S + beta k (v - S^T k)^T
 * out = scale S^T q
 * </pre>
 *
 * <p>There is no LSE and no mask; queries and keys have equal lengths.
 *
 * @param rule which update
 * @param decay the factors a in (0, 1], [B, H_kv, n, d]; null for LINEAR and DELTA
 * @param beta the step sizes, [B, H_kv, n]; null for LINEAR and GATED
 */
public record RecurrentPlan(Rule rule, @Nullable Tensor decay, @Nullable Tensor beta)
    implements Plan {
  /** The state updates. */
  public enum Rule {
    LINEAR,
    GATED,
    DELTA,
    GATED_DELTA;

    /** Whether the rule reads a decay. */
    public boolean decays() {
      return this == GATED || this == GATED_DELTA;
    }

    /** Whether the rule reads a step size beta. */
    public boolean steps() {
      return this == DELTA || this == GATED_DELTA;
    }
  }

  /** Checks that the rule has what it reads and nothing else. */
  public RecurrentPlan {
    Require.argument(
        (decay != null) == rule.decays() && (beta != null) == rule.steps(),
        "the rule %s %s a decay and %s a beta, but decay is %s and beta is %s",
        rule,
        rule.decays() ? "wants" : "has no place for",
        rule.steps() ? "wants" : "has no place for",
        decay == null ? "missing" : "given",
        beta == null ? "missing" : "given");
  }

  @Override
  public String kind() {
    return "recurrent";
  }
}
