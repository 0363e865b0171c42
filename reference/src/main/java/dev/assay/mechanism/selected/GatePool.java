package dev.assay.mechanism.selected;

import dev.assay.autograd.Var;
import dev.assay.mechanism.BlockPools;
import dev.assay.op.Ops;
import java.util.ArrayList;
import java.util.List;

/** How a gate summarises a block of tokens; several summaries stand side by side in this order. */
public enum GatePool {
  /** The mean. */
  AVG(false, false, true),
  /** The largest of each channel. */
  MAX(true, false, false),
  /** The smallest of each channel. */
  MIN(false, true, false),
  /** Both extremes. */
  MAX_MIN(true, true, false),
  /** Largest and mean. */
  MAX_AVG(true, false, true),
  /** Smallest and mean. */
  MIN_AVG(false, true, true),
  /** All three. */
  MAX_MIN_AVG(true, true, true);

  private final boolean max;
  private final boolean min;
  private final boolean avg;

  GatePool(boolean max, boolean min, boolean avg) {
    this.max = max;
    this.min = min;
    this.avg = avg;
  }

  /** How many summaries there are. */
  int count() {
    return (max ? 1 : 0) + (min ? 1 : 0) + (avg ? 1 : 0);
  }

  /** [B, H, n, d] as [B, H, N, count d]. */
  Var of(BlockPools pools, Var x) {
    List<Var> parts = new ArrayList<>();
    if (max) {
      parts.add(pools.max(x));
    }
    if (min) {
      parts.add(pools.min(x));
    }
    if (avg) {
      parts.add(pools.mean(x));
    }
    return Ops.concat(3, parts.toArray(Var[]::new));
  }
}
