package dev.assay.mechanism;

import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import java.util.Arrays;

/** The pairs of a rule as lists of keys, one for each query. */
public final class KeyLists {
  private KeyLists() {}

  /**
   * The pairs that a rule allows, for the ops as the rule itself, for engines as lists of keys.
   * What the problem excludes anyway is not listed. Cost: a look at every pair.
   */
  public static Pairs of(AttentionProblem problem, KeepMask.Rule rule) {
    int rows = problem.batches() * problem.heads() * problem.queries();
    int[] starts = new int[rows + 1];
    int[] keys = new int[Math.max(16, rows)];
    int count = 0;
    for (int row = 0; row < rows; row++) {
      int i = row % problem.queries();
      int h = row / problem.queries() % problem.heads();
      int b = row / problem.queries() / problem.heads();
      for (int j = 0; j < problem.keys(); j++) {
        if (rule.allows(b, h, i, j) && KeepMask.exists(problem, b, h, i, j)) {
          keys = count == keys.length ? Arrays.copyOf(keys, 2 * count) : keys;
          keys[count++] = j;
        }
      }
      starts[row + 1] = count;
    }
    int[] once = new int[count];
    Arrays.fill(once, 1);
    return new Pairs(rule, new GatherPlan(starts, Arrays.copyOf(keys, count), once));
  }
}
