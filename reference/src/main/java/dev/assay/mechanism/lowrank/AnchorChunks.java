package dev.assay.mechanism.lowrank;

import dev.assay.mechanism.CountedKeys;
import dev.assay.plan.AttentionProblem;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Which keys each query meets, and how often, when tokens are sorted by their buckets: all rounds
 * one behind the other, each sorted by bucket and then by position, the whole cut into chunks; a
 * chunk of queries meets the same chunk of keys and the one before it, the first one the last.
 * Source: Kitaev, Kaiser and Levskaya, "Reformer: the efficient transformer" (2020), with anchors
 * in place of hashes.
 */
final class AnchorChunks {
  private final AttentionProblem problem;
  private final int size;
  private final boolean once;
  private final boolean self;
  private final CountedKeys.Builder lists;

  /**
   * Collects the pairs.
   *
   * @param problem lengths and causality
   * @param size tokens in a chunk
   * @param once whether a key counts once however often it is met
   * @param self whether queries are keys too, so that a token meets itself only if it meets nobody
   *     else
   */
  AnchorChunks(AttentionProblem problem, int size, boolean once, boolean self) {
    this.problem = problem;
    this.size = size;
    this.once = once;
    this.self = self;
    this.lists = new CountedKeys.Builder(problem.lseShape(), problem.keys());
  }

  /** The keys of all queries, by these buckets; to be asked once. */
  CountedKeys meet(AnchorBuckets ofQueries, AnchorBuckets ofKeys) {
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        int[] queries = sorted(ofQueries, b, h, problem.queryLength(b));
        int[] sortedKeys = sorted(ofKeys, b, h, problem.keyLength(b));
        meet(queries, sortedKeys);
      }
    }
    return lists.build();
  }

  /** Tokens of all rounds, one behind the other. */
  private static int[] sorted(AnchorBuckets buckets, int b, int h, int length) {
    List<long[]> entries = new ArrayList<>();
    for (int r = 0; r < buckets.rounds(); r++) {
      for (int i = 0; i < length; i++) {
        int bucket = buckets.of(b, h, r, i);
        if (bucket >= 0) {
          entries.add(new long[] {r, bucket, i});
        }
      }
    }
    entries.sort(AnchorChunks::compare);
    return entries.stream().mapToInt(entry -> (int) entry[2]).toArray();
  }

  private static int compare(long[] a, long[] b) {
    return Arrays.compare(a, b);
  }

  private void meet(int[] queries, int[] sortedKeys) {
    int chunks = Math.ceilDiv(Math.max(queries.length, sortedKeys.length), size);
    int[][] met = new int[problem.queries()][0];
    for (int p = 0; p < queries.length; p++) {
      int chunk = p / size;
      int before = (chunk + chunks - 1) % chunks;
      int[] own = chunk(sortedKeys, chunk);
      int[] more = before == chunk ? new int[0] : chunk(sortedKeys, before);
      met[queries[p]] = joined(met[queries[p]], own, more);
    }
    for (int i = 0; i < met.length; i++) {
      row(i, met[i]);
    }
  }

  private int[] chunk(int[] sorted, int chunk) {
    int from = Math.min(chunk * size, sorted.length);
    return Arrays.copyOfRange(sorted, from, Math.min(from + size, sorted.length));
  }

  private static int[] joined(int[]... parts) {
    return Arrays.stream(parts).flatMapToInt(Arrays::stream).toArray();
  }

  /** One row: without the future and, if it has others, without the token itself. */
  private void row(int i, int[] met) {
    int[] allowed = Arrays.stream(met).filter(j -> !problem.causal() || j <= i).toArray();
    for (int j : allowed) {
      lists.add(j);
    }
    if (self && lists.different() > 0) {
      lists.remove(i);
      if (lists.different() == 0) {
        lists.add(i);
      }
    }
    lists.endRow(once);
  }
}
