package dev.assay.mechanism;

import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import dev.assay.tensor.Shape;
import java.util.Arrays;

/**
 * A list of keys for every query, in which a key may stand several times: a key that is met c times
 * weighs c times, so its logit gains log c. Made with a {@link Builder}.
 */
public final class CountedKeys {
  private final Shape rows;
  private final GatherPlan plan;

  private CountedKeys(Shape rows, GatherPlan plan) {
    this.rows = rows;
    this.plan = plan;
  }

  /** The pairs that a rule and the problem allow, each once. Cost: a look at every pair. */
  public static Pairs of(AttentionProblem problem, KeepMask.Rule rule) {
    Shape rows = problem.lseShape();
    Builder lists = new Builder(rows, problem.keys());
    for (int row = 0; row < rows.size(); row++) {
      int[] x = rows.index(row);
      for (int j = 0; j < problem.keys(); j++) {
        if (rule.allows(x[0], x[1], x[2], j) && KeepMask.exists(problem, x[0], x[1], x[2], j)) {
          lists.add(j);
        }
      }
      lists.endRow(true);
    }
    return new Pairs(rule, lists.build().plan);
  }

  /** The lists, as a rule and as a plan. */
  public Pairs pairs() {
    return new Pairs((b, h, i, j) -> count(b, h, i, j) > 0, plan);
  }

  /** How often query i of batch entry b and head h meets key j; 0 if it does not. */
  public int count(int b, int h, int i, int j) {
    int row = rows.offset(b, h, i);
    int found = Arrays.binarySearch(plan.keys(), plan.rowPtr()[row], plan.rowPtr()[row + 1], j);
    return found < 0 ? 0 : plan.counts()[found];
  }

  /** Collects the lists, a row at a time in the order of [B, H, n_q]. */
  public static final class Builder {
    private final Shape rows;
    private final int[] rowPtr;
    private final int[] tally;
    private int[] keys = new int[16];
    private int[] counts = new int[16];
    private int size;
    private int row;

    /**
     * Starts with the first row.
     *
     * @param rows [B, H, n_q]
     * @param keys n_k
     */
    public Builder(Shape rows, int keys) {
      this.rows = rows;
      this.rowPtr = new int[rows.size() + 1];
      this.tally = new int[keys];
    }

    /** Lists a key once more in this row. */
    public void add(int key) {
      tally[key]++;
    }

    /** Takes a key out of this row, however often it is listed. */
    public void remove(int key) {
      tally[key] = 0;
    }

    /** How many different keys this row lists. */
    public int different() {
      int found = 0;
      for (int count : tally) {
        found += count > 0 ? 1 : 0;
      }
      return found;
    }

    /** Ends this row; with {@code once} every key that it lists counts as listed once. */
    public void endRow(boolean once) {
      for (int key = 0; key < tally.length; key++) {
        if (tally[key] > 0) {
          if (size == keys.length) {
            keys = Arrays.copyOf(keys, 2 * size);
            counts = Arrays.copyOf(counts, 2 * size);
          }
          keys[size] = key;
          counts[size++] = once ? 1 : tally[key];
        }
      }
      Arrays.fill(tally, 0);
      rowPtr[++row] = size;
    }

    /** All lists, once every row has been ended. */
    public CountedKeys build() {
      return new CountedKeys(
          rows, new GatherPlan(rowPtr, Arrays.copyOf(keys, size), Arrays.copyOf(counts, size)));
    }
  }
}
