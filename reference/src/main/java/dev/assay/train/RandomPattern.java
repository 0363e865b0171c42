package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.data.Batches;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.BlockSparse;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;

/**
 * What a chosen pattern has to be better than: as many keys for each query, drawn once.
 *
 * @param heads each has its own pattern
 * @param tokens queries, and keys
 * @param density share of the possible keys that a query gets, in (0, 1]; at least one key
 * @param causal whether only keys up to the query are possible
 * @param seed which pattern
 */
public record RandomPattern(int heads, int tokens, double density, boolean causal, int seed) {
  /** Checks the share. */
  public RandomPattern {
    Require.argument(
        density > 0 && density <= 1, "the density is %s: it must lie in (0, 1]", density);
  }

  /** The mechanism that reads the pattern. */
  public Mechanism mechanism() {
    return Settings.make(
        BlockSparse.class,
        Map.of("blockQ", "1", "blockK", "1", "causal", Boolean.toString(causal)));
  }

  /** The pattern as the mechanism's tensor. */
  public Map<String, Tensor> given() {
    double[] mask = new double[heads * tokens * tokens];
    for (int row = 0; row < heads * tokens; row++) {
      int possible = causal ? row % tokens + 1 : tokens;
      int kept = Math.max(1, (int) Math.rint(density * possible));
      int[] order = Batches.order(possible, seed, row);
      for (int e = 0; e < kept; e++) {
        mask[row * tokens + order[e]] = 1;
      }
    }
    return Map.of("block_mask", Tensor.adopt(Shape.of(heads, tokens, tokens), mask));
  }
}
