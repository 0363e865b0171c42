package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import java.util.Arrays;
import java.util.Map;
import java.util.function.Supplier;

/**
 * A decoder: the distribution of the next token after each. The mechanism must be causal; whether
 * it is, its settings say.
 *
 * @param architecture sizes and mechanism
 * @param vocabulary how many tokens there are
 * @param tied whether the embedding's table is the output layer's weight too: Press and Wolf,
 *     "Using the output embedding to improve language models" (2017)
 */
public record LanguageModel(Architecture architecture, int vocabulary, boolean tied) {
  /** Checks the size. */
  public LanguageModel {
    Require.positive(vocabulary, "vocabulary");
  }

  /**
   * The logits of the next token.
   *
   * @param ids B sequences of equal length n
   * @return [B, n, vocabulary]
   */
  public Var logits(Scope scope, int[][] ids) {
    Var placed = architecture.positions().of(scope, embedding(scope).of(ids), 0);
    return output(scope, architecture.blocks(scope, placed, Map.of()));
  }

  /**
   * The logits after new tokens; the cache takes these up.
   *
   * @param ids B sequences of new tokens
   * @param cache of the tokens before them
   * @return [B, n_new, vocabulary]
   */
  public Var decode(Scope scope, int[][] ids, KvCache cache) {
    Var placed = architecture.positions().of(scope, embedding(scope).of(ids), cache.tokens());
    return output(scope, architecture.decode(scope, placed, cache));
  }

  private Embedding embedding(Scope scope) {
    return Embedding.in(scope.in("embedding"), vocabulary, architecture.width());
  }

  private Var output(Scope scope, Var y) {
    if (!tied) {
      return Linear.in(scope.in("head"), architecture.width(), vocabulary).of(y);
    }
    return new Linear(embedding(scope).table(), null).of(y);
  }

  /**
   * The tokens that a model finds likeliest one after another, the lowest of equals.
   *
   * @param scope gives a fresh place for each pass
   * @param start the tokens to begin with, at least one
   * @param count how many follow
   * @param cached keeps keys and values; otherwise all tokens are computed anew each time
   */
  public int[] generate(Supplier<Scope> scope, int[] start, int count, boolean cached) {
    Require.argument(start.length > 0, "there is no token to begin with");
    int[] all = Arrays.copyOf(start, start.length + count);
    KvCache cache = new KvCache();
    int known = 0;
    for (int next = start.length; next < all.length; next++) {
      int[] fresh = Arrays.copyOfRange(all, cached ? known : 0, next);
      Var logits =
          cached
              ? decode(scope.get(), new int[][] {fresh}, cache)
              : logits(scope.get(), new int[][] {fresh});
      all[next] = likeliest(Ops.slice(logits, 1, fresh.length - 1, fresh.length));
      known = next;
    }
    return all;
  }

  private static int likeliest(Var logits) {
    int best = 0;
    for (int token = 1; token < logits.shape().size(); token++) {
      best = logits.value().get(token) > logits.value().get(best) ? token : best;
    }
    return best;
  }
}
