package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.GatherPlan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.function.IntConsumer;

/**
 * Forward over a list of keys for each query. A task is 64 query rows, one after the other; an
 * object is the scratch memory of one thread.
 */
final class GatherForward implements IntConsumer {
  private final AttentionProblem problem;
  private final PairLists lists;
  private final float[] out;
  private final float[] lse;
  private final GatherRows rows;
  private final PairLogits logits;
  private final RowSoftmax softmax = new RowSoftmax();
  private final float[] s = new float[EDGE];

  private GatherForward(AttentionProblem problem, PairLists lists, float[] out, float[] lse) {
    this.problem = problem;
    this.lists = lists;
    this.out = out;
    this.lse = lse;
    this.rows = new GatherRows(problem, lists);
    this.logits = new PairLogits(problem, false);
  }

  static Forward run(AttentionProblem problem, GatherPlan plan, Workers workers) {
    PairLists lists = PairLists.of(problem, plan);
    float[] out = new float[problem.outShape().size()];
    float[] lse = new float[problem.lseShape().size()];
    Arrays.fill(lse, Float.NEGATIVE_INFINITY);
    workers.run(Tile.count(lse.length), () -> new GatherForward(problem, lists, out, lse));
    return new Forward(
        Tensor.adopt(problem.outShape(), out), Tensor.adopt(problem.lseShape(), lse));
  }

  @Override
  public void accept(int task) {
    for (int row = task * EDGE; row < Math.min(lse.length, (task + 1) * EDGE); row++) {
      if (lists.rowPtr()[row] < lists.rowPtr()[row + 1]) {
        row(row);
      }
    }
  }

  private void row(int row) {
    int channels = problem.valueDepth();
    softmax.reset(out, row * channels, channels);
    logits.anchor(problem.q().floats(), row * problem.depth());
    rows.open(row);
    while (rows.next(row)) {
      PairChunk chunk = rows.chunk();
      logits.of(chunk, problem.k().floats(), chunk.keyAt(), s, null);
      softmax.absorb(s, chunk.count());
      chunk.drop(s);
      softmax.addValues(s, problem.v().floats(), chunk);
    }
    // A row whose logits are all -inf is empty.
    if (softmax.sum() != 0) {
      for (int c = row * channels; c < (row + 1) * channels; c++) {
        out[c] /= softmax.sum();
      }
      lse[row] = (float) (softmax.max() + Ln.of(softmax.sum()));
    }
  }
}
