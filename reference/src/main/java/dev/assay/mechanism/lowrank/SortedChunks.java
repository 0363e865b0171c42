package dev.assay.mechanism.lowrank;

import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
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
final class SortedChunks {
  private final AttentionProblem problem;
  private final int size;
  private final boolean once;
  private final boolean self;
  private final List<int[]> keys = new ArrayList<>();
  private final List<int[]> counts = new ArrayList<>();

  /**
   * Collects the pairs.
   *
   * @param problem lengths and causality
   * @param size tokens in a chunk
   * @param once whether a key counts once however often it is met
   * @param self whether queries are keys too, so that a token meets itself only if it meets nobody
   *     else
   */
  SortedChunks(AttentionProblem problem, int size, boolean once, boolean self) {
    this.problem = problem;
    this.size = size;
    this.once = once;
    this.self = self;
  }

  /** Fills in the rows of all batch entries and heads. */
  SortedChunks meet(AnchorBuckets ofQueries, AnchorBuckets ofKeys) {
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        int[] queries = sorted(ofQueries, b, h, problem.queryLength(b));
        int[] sortedKeys = sorted(ofKeys, b, h, problem.keyLength(b));
        meet(queries, sortedKeys);
      }
    }
    return this;
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
    entries.sort(SortedChunks::compare);
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

  /** One row: ascending, without the future and, if it has others, without the token itself. */
  private void row(int i, int[] met) {
    int[] allowed = Arrays.stream(met).filter(j -> !problem.causal() || j <= i).sorted().toArray();
    if (self) {
      int[] others = Arrays.stream(allowed).filter(j -> j != i).toArray();
      allowed = others.length > 0 || allowed.length == 0 ? others : new int[] {i};
    }
    int[] distinct = Arrays.stream(allowed).distinct().toArray();
    int[] times = new int[distinct.length];
    for (int j : allowed) {
      times[Arrays.binarySearch(distinct, j)]++;
    }
    if (once) {
      Arrays.fill(times, 1);
    }
    keys.add(distinct);
    counts.add(times);
  }

  /** The pairs, as a rule and as lists. */
  Pairs pairs() {
    int[] rowPtr = new int[keys.size() + 1];
    for (int row = 0; row < keys.size(); row++) {
      rowPtr[row + 1] = rowPtr[row] + keys.get(row).length;
    }
    GatherPlan plan =
        new GatherPlan(
            rowPtr, joined(keys.toArray(int[][]::new)), joined(counts.toArray(int[][]::new)));
    return new Pairs((b, h, i, j) -> count(b, h, i, j) > 0, plan);
  }

  /** How often a query meets a key. */
  int count(int b, int h, int i, int j) {
    int row = problem.queryRow(b, h, i);
    int at = Arrays.binarySearch(keys.get(row), j);
    return at < 0 ? 0 : counts.get(row)[at];
  }

  /** log count [B, H, n, n] where a pair is met, else 0: what a multiplicity adds to a logit. */
  Tensor logCounts() {
    Shape shape = Shape.of(problem.batches(), problem.heads(), problem.queries(), problem.keys());
    return Tensor.generate(
        shape,
        p -> {
          int[] x = shape.index(p);
          return StrictMath.log(Math.max(1, count(x[0], x[1], x[2], x[3])));
        });
  }

  /** Whether some key counts more than once. */
  boolean repeats() {
    return counts.stream().flatMapToInt(Arrays::stream).anyMatch(count -> count > 1);
  }
}
