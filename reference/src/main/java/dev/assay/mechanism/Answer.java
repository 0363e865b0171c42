package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.Collections;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What a mechanism gives.
 *
 * @param out [B, H, n_q, d_v]
 * @param lse natural log-sum-exp, [B, H, n_q], or null if the mechanism has none
 * @param choices the discrete choices that were made, by name; each can be given back as a tensor
 *     of that name
 * @param margin how far, in units of its score, the nearest of these choices lies from falling
 *     otherwise: the gap between a chosen and a refused candidate, or between a score and its
 *     threshold; infinite if nothing was chosen here
 */
public record Answer(Var out, @Nullable Var lse, Map<String, Tensor> choices, double margin) {
  /** Puts the choices in the order of their names, so that whoever writes them is repeatable. */
  public Answer {
    choices = Collections.unmodifiableMap(new TreeMap<>(choices));
  }

  /** Without choices. */
  public static Answer of(Var out, @Nullable Var lse) {
    return new Answer(out, lse, Map.of(), Double.POSITIVE_INFINITY);
  }
}
