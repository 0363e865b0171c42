package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The half of the backward over lists of keys that belongs to keys: {@code dK += scale dS^T Q},
 * {@code dV += P^T dO}, over the queries that list a key, in order of head and query. A task is a
 * tile of keys of a span and key head.
 */
final class GatherKeyKernel implements IntConsumer {
  private final AttentionProblem problem;
  private final KeyLists byKey;
  private final List<TileTask> tasks;
  private final float[] dOut;
  private final KeyGradient dk;
  private final KeyGradient dv;
  private final @Nullable BiasGradient bias;
  private final GatherRows rows;
  private final PairGradient gradient;
  private final float[] value;
  private final Matrix dkRows;
  private final Matrix dvRows;

  GatherKeyKernel(GatherBackward.Shared shared, KeyLists byKey, List<TileTask> tasks) {
    this.byKey = byKey;
    this.problem = shared.problem();
    this.tasks = tasks;
    this.dOut = shared.dOut();
    this.dk = shared.dk();
    this.dv = shared.dv();
    this.bias = shared.bias();
    this.rows = new GatherRows(problem, shared.lists());
    this.gradient = new PairGradient(problem, shared.statistics());
    this.value = new float[problem.valueDepth()];
    this.dkRows = Matrix.scratch(problem.depth());
    this.dvRows = Matrix.scratch(problem.valueDepth());
  }

  @Override
  public void accept(int task) {
    TileTask mine = tasks.get(task);
    Span span = mine.span();
    Arrays.fill(dkRows.values(), 0);
    Arrays.fill(dvRows.values(), 0);
    for (int r = 0; r < span.keysIn(mine.tile()); r++) {
      key(span.batch(), mine.head(), span.keyAt(mine.tile()) + r, r);
    }
    dk.store(span, mine.head(), mine.tile(), dkRows, (float) problem.scale());
    dv.store(span, mine.head(), mine.tile(), dvRows, 1);
  }

  private void key(int b, int keyHead, int j, int r) {
    int keyRow = problem.keyRow(b, keyHead, j);
    gradient.anchor(problem.k().floats(), keyRow * problem.depth());
    System.arraycopy(problem.v().floats(), keyRow * value.length, value, 0, value.length);
    rows.open(byKey, b, keyHead, j);
    while (rows.next(byKey)) {
      PairChunk chunk = rows.chunk();
      float[] q = problem.q().floats();
      gradient.of(chunk, q, chunk.queryAt(), value, dOut, chunk.outAt());
      if (bias != null) {
        bias.take(gradient.ds(), chunk, true);
      }
      gradient.throughSoftcap(chunk.count());
      RowDots.add(
          gradient.ds(),
          q,
          chunk.queryAt(),
          chunk.count(),
          problem.depth(),
          dkRows.values(),
          dkRows.row(r));
      chunk.drop(gradient.p());
      chunk.addInfinities(
          gradient.p(), dOut, chunk.outAt(), problem.valueDepth(), dvRows.values(), dvRows.row(r));
      RowDots.add(
          gradient.p(),
          dOut,
          chunk.outAt(),
          chunk.count(),
          problem.valueDepth(),
          dvRows.values(),
          dvRows.row(r));
    }
  }
}
