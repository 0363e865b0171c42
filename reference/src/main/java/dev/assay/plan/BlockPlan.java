package dev.assay.plan;

import dev.assay.pattern.BlockMask;

/**
 * A query meets the keys of the listed blocks, as far as the problem allows them.
 *
 * @param mask the lists, for all heads or for each
 */
public record BlockPlan(BlockMask mask) implements Plan {
  @Override
  public String kind() {
    return "block";
  }
}
