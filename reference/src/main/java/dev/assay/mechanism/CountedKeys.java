package dev.assay.mechanism;

import dev.assay.autograd.Var;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.mechanism.Softmax.Pairs;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.GatherPlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
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

  /** The softmax over such lists, by ops or on an engine. */
  @FunctionalInterface
  public interface Run {
    /** Output and LSE of the keys that are listed and that the problem allows. */
    Answer attend(CountedKeys listed, AttentionProblem problem, Operands operands);
  }

  /** As runs of a gather plan. */
  public static Run on(Engine engine) {
    Softmax softmax = Softmax.on(engine);
    return (listed, problem, operands) -> softmax.attend(problem, operands, listed.pairs());
  }

  /** With ops alone: {@code log count} is added to the logits as a constant. */
  public Answer byOps(AttentionProblem problem, Operands operands) {
    if (Arrays.stream(plan.counts()).allMatch(count -> count == 1)) {
      return Softmax.byOps(problem, operands, pairs());
    }
    Shape pairs = Shape.of(problem.batches(), problem.heads(), problem.queries(), problem.keys());
    Tensor logs =
        Tensor.generate(
            pairs,
            p -> {
              int[] x = pairs.index(p);
              return StrictMath.log(Math.max(1, count(x[0], x[1], x[2], x[3])));
            });
    Var q = operands.q();
    Var counted = Ops.constant(q.tape(), logs);
    Var given = operands.bias();
    Var bias = given == null ? counted : Ops.add(given, counted);
    AttentionProblem biased =
        problem.with(problem.q(), problem.k(), problem.v(), bias.value()).build();
    return Softmax.byOps(biased, new Operands(q, operands.k(), operands.v(), bias), pairs());
  }

  /** The lists without their counts, for ops, and with them, for engines. */
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
