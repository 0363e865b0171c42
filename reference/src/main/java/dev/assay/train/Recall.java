package dev.assay.train;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.data.Batches;
import dev.assay.nn.Architecture;
import dev.assay.nn.Embedding;
import dev.assay.nn.Linear;
import dev.assay.nn.Scope;
import dev.assay.op.Ops;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Map;

/**
 * Associative recall: the first tokens of a sequence are pairs of a key and a value, the last ones
 * name keys of that sequence, and the model shall say their values. All numbers are drawn by {@link
 * Philox}, so there is as much data as one likes. After Arora et al., "Zoology" (2023), with key
 * and value in one token, so that a single layer of attention can do it.
 *
 * <p>A value stands nowhere but in its pair, so a mechanism that is not causal has no advantage;
 * one that never lets a query meet its pair can only guess, and is right once in {@code values}
 * times.
 *
 * @param pairs pairs of a sequence
 * @param queries queries behind them, at most as many
 * @param keys how many keys there are, at least as many as pairs
 * @param values how many values there are
 */
public record Recall(int pairs, int queries, int keys, int values) {
  /** Checks the sizes. */
  public Recall {
    Require.argument(
        0 < queries && queries <= pairs && pairs <= keys,
        "%d queries, %d pairs and %d keys: each may be at most as many as the next",
        queries,
        pairs,
        keys);
    Require.argument(values >= 2, "values is %d: at least 2 are needed", values);
  }

  /**
   * Sequences.
   *
   * @param keys the key of each token
   * @param values the value of each pair; {@code values} for a query, which has none
   * @param targets the value that each token asks for, or {@link Loss#IGNORED}; sequence by
   *     sequence
   */
  public record Batch(int[][] keys, int[][] values, int[] targets) {
    /** How many tokens ask. */
    public long asked() {
      return Arrays.stream(targets).filter(target -> target != Loss.IGNORED).count();
    }
  }

  /** Tokens of a sequence. */
  public int tokens() {
    return pairs + queries;
  }

  /** The sequences of a step; others for each seed. */
  public Batch draw(int sequences, int seed, int step) {
    int n = tokens();
    int[][] ofKeys = new int[sequences][n];
    int[][] ofValues = new int[sequences][n];
    int[] targets = new int[sequences * n];
    for (int b = 0; b < sequences; b++) {
      Philox generator = new Philox(seed, b, step);
      int[] order = Batches.order(keys, generator.words(0)[0], step);
      int[] asked = Batches.order(pairs, generator.words(1)[0], step);
      for (int t = 0; t < n; t++) {
        boolean pair = t < pairs;
        int slot = pair ? t : asked[t - pairs];
        int value = (int) ((Integer.toUnsignedLong(generator.words(2 + slot)[0]) * values) >>> 32);
        ofKeys[b][t] = order[slot];
        ofValues[b][t] = pair ? value : values;
        targets[b * n + t] = pair ? Loss.IGNORED : value;
      }
    }
    return new Batch(ofKeys, ofValues, targets);
  }

  /**
   * The logits of the value at each token.
   *
   * @param given further tensors of the mechanism
   * @return [B, n, values]
   */
  public Var logits(
      Scope scope, Architecture architecture, Batch batch, Map<String, Tensor> given) {
    int width = architecture.width();
    Var key = Embedding.in(scope.in("key"), keys, width).of(batch.keys());
    Var value = Embedding.in(scope.in("value"), values + 1, width).of(batch.values());
    Var placed = architecture.positions().of(scope, Ops.add(key, value), 0);
    Var encoded = architecture.blocks(scope, placed, given);
    return Linear.in(scope.in("head"), width, values).of(encoded);
  }

  /** The share of asked tokens whose likeliest value is the right one. */
  public static double accuracy(Tensor logits, Batch batch) {
    int[] said = Metrics.largest(logits);
    int right = 0;
    for (int t = 0; t < said.length; t++) {
      right += said[t] == batch.targets()[t] ? 1 : 0;
    }
    return (double) right / batch.asked();
  }
}
