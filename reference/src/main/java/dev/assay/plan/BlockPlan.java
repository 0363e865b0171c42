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

  /**
   * The same plan for that problem with its blocks told apart: FULL where the problem allows every
   * pair, so that an engine need not ask its predicates there (a finite bias still has to be
   * added); PARTIAL where it allows some; not listed where it allows none. Cost: a look at every
   * listed row, and at every listed pair where there are bits, a mask or a bias.
   *
   * @throws IllegalArgumentException if the mask does not fit the problem
   */
  public BlockPlan classified(AttentionProblem problem) {
    PlanRules.check(problem, this);
    return new BlockPlan(new BlockClassifier(mask, problem).classified());
  }
}
