package dev.assay.study;

import dev.assay.check.Require;
import dev.assay.engine.AttentionRows;
import dev.assay.engine.AttentionRows.Row;
import dev.assay.engine.WatchedEngine;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Observation;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.BitSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * How much of dense attention a mechanism keeps on given tensors, for each head and together. Heads
 * have equally many queries, so that what holds of all is the mean over heads.
 *
 * @param all heads together
 * @param heads each by itself
 * @param direct for each token those that any head meets, and itself; batch entry 0, empty unless
 *     there are as many queries as keys
 */
public record Coverage(Share all, List<Share> heads, List<BitSet> direct) {
  /**
   * What is kept.
   *
   * @param recall mean over queries of the dense weight on the keys that are kept
   * @param density kept pairs over those of dense attention
   * @param intrinsic for each mass the mean share of its keys that dense attention needs for so
   *     much of its weight: no selection of that recall can be sparser
   */
  public record Share(double recall, double density, double[] intrinsic) {}

  /**
   * Measures.
   *
   * @param masses shares of the dense weight for the intrinsic sparsity, each in (0, 1]
   * @throws IllegalArgumentException if the mechanism has no queries and keys, or no softmax over
   *     them
   */
  public static Coverage of(Mechanism mechanism, Map<String, Tensor> tensors, double... masses) {
    for (double mass : masses) {
      Require.argument(mass > 0 && mass <= 1, "mass is %s: it must lie in (0, 1]", mass);
    }
    Require.argument(
        tensors.keySet().containsAll(List.of("q", "k")),
        "%s reads no q and k: it has no dense twin",
        mechanism.id());
    AttentionRows dense =
        dense(
            Objects.requireNonNull(tensors.get("q")),
            Objects.requireNonNull(tensors.get("k")),
            mechanism.causal());
    Kept kept = Kept.of(Observation.of(mechanism, tensors).softmaxes(), dense);
    Require.argument(
        kept.found(),
        "%s has no softmax over the %d keys themselves",
        mechanism.id(),
        dense.keys());
    List<Share> heads = new ArrayList<>();
    for (int h = 0; h < dense.heads(); h++) {
      heads.add(share(dense, kept, h, masses));
    }
    return new Coverage(mean(heads, masses.length), heads, kept.anyHead());
  }

  private static AttentionRows dense(Tensor q, Tensor k, boolean causal) {
    AttentionProblem problem = AttentionProblem.of(q, k, k).causal(causal).build();
    WatchedEngine engine = new WatchedEngine();
    engine.forward(problem, new DensePlan());
    return engine.softmaxes().getFirst();
  }

  private static Share share(AttentionRows dense, Kept kept, int h, double... masses) {
    double recall = 0;
    double pairs = 0;
    double all = 0;
    double[] intrinsic = new double[masses.length];
    int rows = 0;
    for (int b = 0; b < dense.batches(); b++) {
      for (int i = 0; i < dense.queries(); i++) {
        Row row = dense.row(b, h, i);
        if (row.keys().length == 0) {
          continue;
        }
        rows++;
        all += row.keys().length;
        pairs += kept.count(b, h, i);
        for (int e = 0; e < row.keys().length; e++) {
          recall += kept.has(b, h, i, row.keys()[e]) ? row.weights()[e] : 0;
        }
        for (int m = 0; m < masses.length; m++) {
          intrinsic[m] += (double) needed(row.weights(), masses[m]) / row.keys().length;
        }
      }
    }
    int queries = Math.max(rows, 1);
    Arrays.setAll(intrinsic, m -> intrinsic[m] / queries);
    return new Share(recall / queries, pairs / Math.max(all, 1), intrinsic);
  }

  private static Share mean(List<Share> heads, int masses) {
    double[] intrinsic = new double[masses];
    Arrays.setAll(
        intrinsic,
        m -> heads.stream().mapToDouble(head -> head.intrinsic()[m]).average().orElse(0));
    return new Share(
        heads.stream().mapToDouble(Share::recall).average().orElse(0),
        heads.stream().mapToDouble(Share::density).average().orElse(0),
        intrinsic);
  }

  private static int needed(double[] weights, double mass) {
    double[] ascending = weights.clone();
    Arrays.sort(ascending);
    double sum = 0;
    int taken = 0;
    while (taken < ascending.length && sum < mass) {
      sum += ascending[ascending.length - 1 - taken++];
    }
    return taken;
  }
}
