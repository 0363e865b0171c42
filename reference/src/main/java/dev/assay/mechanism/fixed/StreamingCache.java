package dev.assay.mechanism.fixed;

import dev.assay.check.Require;
import java.util.Arrays;

/**
 * What a cache of the first tokens and the last ones holds while a sequence streams through it in
 * chunks. It is always [0, sinks) and a stretch that ends with the newest token, so one number a
 * token says everything: how many tokens had been dropped when it came.
 *
 * @param sinks first tokens that stay for ever
 * @param dropped for each token, how many tokens its chunk did not find any more
 */
record StreamingCache(int sinks, int[] dropped) {

  /**
   * Streams tokens through a cache.
   *
   * @param chunks lengths of the chunks; the last is repeated until all tokens are in
   */
  static StreamingCache of(StreamingLlm streaming, int tokens, int[] chunks) {
    long capacity = (long) streaming.sinks() + streaming.recent();
    int[] dropped = new int[tokens];
    int gone = 0;
    int from = 0;
    for (int chunk = 0; from < tokens; chunk++) {
      int length = Require.positive(chunks[Math.min(chunk, chunks.length - 1)], "a chunk");
      if (streaming.evict() == StreamingLlm.Evict.BEFORE) {
        Require.argument(
            length <= streaming.recent(),
            "a chunk of %d tokens does not fit behind the sinks into %d recent places: split it, or"
                + " evict AFTER",
            length,
            streaming.recent());
        gone = (int) Math.max(gone, from + length - capacity);
      }
      int to = (int) Math.min((long) from + length, tokens);
      Arrays.fill(dropped, from, to, gone);
      if (streaming.evict() == StreamingLlm.Evict.AFTER) {
        gone = (int) Math.max(gone, to - capacity);
      }
      from = to;
    }
    return new StreamingCache(streaming.sinks(), dropped);
  }

  /**
   * Whether the cache holds token j when token p comes, or p itself or one before it in its chunk.
   */
  boolean holds(int p, int j) {
    return j <= p && (j < sinks || j >= sinks + dropped[p]);
  }

  /** Where token p itself comes to stand in the cache. */
  int place(int p) {
    return p - dropped[p];
  }

  /** Where token j stands in the cache that token p finds. */
  int place(int p, int j) {
    return j < sinks ? j : j - dropped[p];
  }
}
