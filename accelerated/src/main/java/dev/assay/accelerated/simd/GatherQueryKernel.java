package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The half of the backward over lists of keys that belongs to queries: {@code dQ += scale dS K},
 * and dS itself for the bias. A task is 64 queries of all batch entries and heads, so that whoever
 * shares a number of the bias is added in a fixed order.
 */
final class GatherQueryKernel implements IntConsumer {
  private final AttentionProblem problem;
  private final PairLists lists;
  private final float[] dOut;
  private final float[] dq;
  private final @Nullable BiasGradient bias;
  private final GatherRows rows;
  private final PairGradient gradient;
  private final float[] cotangent;

  GatherQueryKernel(GatherBackward.Shared shared) {
    this.problem = shared.problem();
    this.lists = shared.lists();
    this.dOut = shared.dOut();
    this.dq = shared.dq();
    this.bias = shared.bias();
    this.rows = new GatherRows(problem, lists);
    this.gradient = new PairGradient(problem, shared.statistics());
    this.cotangent = new float[problem.valueDepth()];
  }

  @Override
  public void accept(int task) {
    int last = Math.min(problem.queries(), (task + 1) * EDGE);
    for (int head = 0; head < problem.batches() * problem.heads(); head++) {
      for (int i = task * EDGE; i < last; i++) {
        row(head * problem.queries() + i);
      }
    }
  }

  private void row(int row) {
    if (lists.rowPtr()[row] == lists.rowPtr()[row + 1]) {
      return;
    }
    int depth = problem.depth();
    gradient.anchor(problem.q().floats(), row * depth);
    System.arraycopy(dOut, row * cotangent.length, cotangent, 0, cotangent.length);
    rows.open(row);
    while (rows.next(row)) {
      PairChunk chunk = rows.chunk();
      float[] k = problem.k().floats();
      float[] v = problem.v().floats();
      gradient.of(chunk, k, chunk.keyAt(), cotangent, v, chunk.valueAt());
      if (bias != null) {
        bias.take(gradient.ds(), chunk, false);
      }
      gradient.throughSoftcap(chunk.count());
      RowDots.add(gradient.ds(), k, chunk.keyAt(), chunk.count(), depth, dq, row * depth);
    }
    float scale = (float) problem.scale();
    for (int c = row * depth; c < (row + 1) * depth; c++) {
      dq[c] *= scale;
    }
  }
}
