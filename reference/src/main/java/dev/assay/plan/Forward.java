package dev.assay.plan;

import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * What a plan gives.
 *
 * @param out [B, H, n_q, d_v]; rows without an allowed key are 0
 * @param lse natural log-sum-exp of the allowed logits, [B, H, n_q]; -inf for rows without an
 *     allowed key; null where the plan has none (features, recurrences, gates)
 */
public record Forward(Tensor out, @Nullable Tensor lse) {}
