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
 * How much of dense attention a mechanism keeps on given tensors.
 *
 * @param recall for each head the mean over queries of the dense weight on the keys that it keeps
 * @param density kept pairs over those of dense attention
 * @param intrinsic the mean share of its keys that dense attention needs for {@code mass} of its
 *     weight: no selection of that mass can be sparser
 * @param reach for 1, 2, ... layers the mean number of tokens that a token can have heard of, over
 *     those it could; heads together
 */
public record Coverage(double[] recall, double density, double intrinsic, double[] reach) {

  /**
   * Measures.
   *
   * @param layers up to how many layers the reach is followed
   * @param mass share of the dense weight for the intrinsic sparsity, in (0, 1]
   * @throws IllegalArgumentException if the mechanism has no queries and keys, or no softmax over
   *     them
   */
  public static Coverage of(
      Mechanism mechanism, Map<String, Tensor> tensors, int layers, double mass) {
    Require.positive(layers, "layers");
    Require.argument(mass > 0 && mass <= 1, "mass is %s: it must lie in (0, 1]", mass);
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
    return new Coverage(
        recall(dense, kept), density(dense, kept), intrinsic(dense, mass), reach(kept, layers));
  }

  private static AttentionRows dense(Tensor q, Tensor k, boolean causal) {
    AttentionProblem problem = AttentionProblem.of(q, k, k).causal(causal).build();
    WatchedEngine engine = new WatchedEngine();
    engine.forward(problem, new DensePlan());
    return engine.softmaxes().getFirst();
  }

  private static double[] recall(AttentionRows dense, Kept kept) {
    double[] recall = new double[dense.heads()];
    for (int h = 0; h < recall.length; h++) {
      int rows = 0;
      for (int b = 0; b < dense.batches(); b++) {
        for (int i = 0; i < dense.queries(); i++) {
          Row row = dense.row(b, h, i);
          for (int e = 0; e < row.keys().length; e++) {
            recall[h] += kept.has(b, h, i, row.keys()[e]) ? row.weights()[e] : 0;
          }
          rows += row.keys().length > 0 ? 1 : 0;
        }
      }
      recall[h] /= Math.max(rows, 1);
    }
    return recall;
  }

  private static double density(AttentionRows dense, Kept kept) {
    double all = 0;
    for (int b = 0; b < dense.batches(); b++) {
      for (int i = 0; i < dense.queries(); i++) {
        all += (double) dense.heads() * dense.row(b, 0, i).keys().length;
      }
    }
    return kept.pairs() / Math.max(all, 1);
  }

  private static double intrinsic(AttentionRows dense, double mass) {
    double shares = 0;
    int rows = 0;
    for (int b = 0; b < dense.batches(); b++) {
      for (int h = 0; h < dense.heads(); h++) {
        for (int i = 0; i < dense.queries(); i++) {
          double[] weights = dense.row(b, h, i).weights();
          if (weights.length > 0) {
            shares += (double) needed(weights, mass) / weights.length;
            rows++;
          }
        }
      }
    }
    return shares / Math.max(rows, 1);
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

  /** Batch entry 0, where as many queries stand as keys; else none. */
  private static double[] reach(Kept kept, int layers) {
    List<BitSet> direct = kept.anyHead();
    List<BitSet> heard = direct;
    double[] reach = new double[layers];
    for (int layer = 0; layer < layers; layer++) {
      long tokens = 0;
      for (BitSet of : heard) {
        tokens += of.cardinality();
      }
      reach[layer] = (double) tokens / Math.max(heard.size(), 1);
      heard = further(direct, heard);
    }
    return reach;
  }

  private static List<BitSet> further(List<BitSet> direct, List<BitSet> heard) {
    List<BitSet> next = new ArrayList<>();
    for (int i = 0; i < direct.size(); i++) {
      BitSet of = (BitSet) heard.get(i).clone();
      direct.get(i).stream().forEach(j -> of.or(heard.get(j)));
      next.add(of);
    }
    return next;
  }
}
