package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;
import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import jdk.incubator.vector.FloatVector;
import jdk.incubator.vector.VectorMask;
import jdk.incubator.vector.VectorOperators;
import org.jspecify.annotations.Nullable;

/**
 * At most 64 kept pairs, of one query with keys that lie wherever they like, or of one key with
 * queries.
 */
final class PairChunk {
  private final AttentionProblem problem;
  private final int[] batches = new int[EDGE];
  private final int[] heads = new int[EDGE];
  private final int[] queries = new int[EDGE];
  private final int[] keys = new int[EDGE];
  private final int[] queryRows = new int[EDGE];
  private final int[] queryAt = new int[EDGE];
  private final int[] outAt = new int[EDGE];
  private final int[] keyAt = new int[EDGE];
  private final int[] valueAt = new int[EDGE];
  private final float[] addends = new float[EDGE];
  private int count;

  /** The query row whose numbers fill the arrays from the first pair to the last, or -1. */
  private int filled = -1;

  PairChunk(AttentionProblem problem) {
    this.problem = problem;
  }

  void clear() {
    count = 0;
  }

  /**
   * Appends the pair of query i and key j under a query head.
   *
   * @param addend what its logit gains besides the bias: the logarithm of its multiplicity
   */
  void add(int b, int h, int i, int j, float addend) {
    filled = -1;
    int queryRow = problem.queryRow(b, h, i);
    int keyRow = problem.keyRow(b, problem.kvHead(h), j);
    batches[count] = b;
    heads[count] = h;
    queries[count] = i;
    keys[count] = j;
    queryRows[count] = queryRow;
    queryAt[count] = queryRow * problem.depth();
    outAt[count] = queryRow * problem.valueDepth();
    keyAt[count] = keyRow * problem.depth();
    valueAt[count] = keyRow * problem.valueDepth();
    addends[count++] = addend;
  }

  /**
   * Makes the chunk that of query i under a query head and of keys one after the other, none of
   * them twice.
   */
  void fill(int b, int h, int i, int firstKey, int size) {
    int queryRow = problem.queryRow(b, h, i);
    if (filled != queryRow) {
      Arrays.fill(batches, b);
      Arrays.fill(heads, h);
      Arrays.fill(queries, i);
      Arrays.fill(queryRows, queryRow);
      Arrays.fill(queryAt, queryRow * problem.depth());
      Arrays.fill(outAt, queryRow * problem.valueDepth());
      Arrays.fill(addends, 0);
      filled = queryRow;
    }
    int keyHead = problem.kvHead(h);
    int firstRow = problem.keyRow(b, keyHead, firstKey);
    for (int e = 0; e < size; e++) {
      int row = problem.paging() == null ? firstRow + e : problem.keyRow(b, keyHead, firstKey + e);
      keys[e] = firstKey + e;
      keyAt[e] = row * problem.depth();
      valueAt[e] = row * problem.valueDepth();
    }
    count = size;
  }

  /**
   * Forgets pairs whose logit is -inf: that is what "masked" means, whatever it came from, and
   * nothing that such a pair holds, be it NaN, may be passed on.
   *
   * @param s logits, which move up with their pairs
   * @param slopes the same, or null
   */
  void forgetMasked(float[] s, float @Nullable [] slopes) {
    if (!contains(s, count, Float.NEGATIVE_INFINITY)) {
      return;
    }
    int kept = 0;
    for (int e = 0; e < count; e++) {
      if (s[e] != Float.NEGATIVE_INFINITY) {
        if (kept < e) {
          s[kept] = s[e];
          move(e, kept);
          if (slopes != null) {
            slopes[kept] = slopes[e];
          }
        }
        kept++;
      }
    }
    count = kept;
  }

  /**
   * Forgets pairs that dropout drops, for the same reason, and multiplies the weights of the others
   * by its factor.
   */
  void drop(float[] weights) {
    if (problem.dropoutKeep() == null) {
      return;
    }
    int kept = 0;
    for (int e = 0; e < count; e++) {
      float factor = dropout(e);
      if (factor != 0) {
        weights[kept] = factor * weights[e];
        move(e, kept++);
      }
    }
    count = kept;
  }

  /**
   * Takes pairs whose probability has underflowed to 0 out of the chunk: it stands for a tiny
   * number, so an infinity among their rows is passed on, and all else of them is nothing.
   */
  void addInfinities(float[] weights, float[] rows, int[] at, int width, float[] sum, int sumAt) {
    if (!contains(weights, count, 0)) {
      return;
    }
    int kept = 0;
    for (int e = 0; e < count; e++) {
      if (weights[e] != 0) {
        if (kept < e) {
          weights[kept] = weights[e];
          move(e, kept);
        }
        kept++;
        continue;
      }
      for (int c = 0; c < width; c++) {
        float x = rows[at[e] + c];
        sum[sumAt + c] += Float.isFinite(x) ? 0 : x;
      }
    }
    count = kept;
  }

  /** Whether one of the first {@code count} numbers equals another number. */
  private static boolean contains(float[] s, int count, float number) {
    VectorMask<Float> found = SPECIES.maskAll(false);
    int e = 0;
    for (; e + LANES <= count; e += LANES) {
      found = found.or(FloatVector.fromArray(SPECIES, s, e).compare(VectorOperators.EQ, number));
    }
    boolean any = found.anyTrue();
    for (; e < count; e++) {
      any |= s[e] == number;
    }
    return any;
  }

  private void move(int from, int to) {
    batches[to] = batches[from];
    heads[to] = heads[from];
    queries[to] = queries[from];
    keys[to] = keys[from];
    queryRows[to] = queryRows[from];
    queryAt[to] = queryAt[from];
    outAt[to] = outAt[from];
    keyAt[to] = keyAt[from];
    valueAt[to] = valueAt[from];
    addends[to] = addends[from];
  }

  /** What dropout multiplies the e-th pair's probability by. */
  float dropout(int e) {
    return (float) problem.dropoutAt(batches[e], heads[e], queries[e], keys[e]);
  }

  /** What the e-th pair's logit gains. */
  float bias(int e) {
    return addends[e] + (float) problem.biasAt(batches[e], heads[e], queries[e], keys[e]);
  }

  /** Where the bias that the e-th pair reads lies. */
  int biasAt(int e) {
    return problem.biasPosition(batches[e], heads[e], queries[e], keys[e]);
  }

  /** The e-th pair's position in [B, H, n_k]. */
  int headKey(int e) {
    return (batches[e] * problem.heads() + heads[e]) * problem.keys() + keys[e];
  }

  int count() {
    return count;
  }

  boolean isFull() {
    return count == EDGE;
  }

  /** The e-th pair's row of the LSE. */
  int queryRow(int e) {
    return queryRows[e];
  }

  /** Where the queries' channels begin in q. */
  int[] queryAt() {
    return queryAt;
  }

  /** Where the queries' channels begin in out. */
  int[] outAt() {
    return outAt;
  }

  /** Where the keys' channels begin in k. */
  int[] keyAt() {
    return keyAt;
  }

  /** Where the keys' channels begin in v. */
  int[] valueAt() {
    return valueAt;
  }
}
