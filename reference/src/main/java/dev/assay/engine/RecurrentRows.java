package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * What each token's value counts for in the output of a later one: a recurrence is linear in its
 * values, so that its run over unit vectors for values gives these weights, of either sign. A head
 * is run when one of its rows is asked for. Packed sequences have none.
 */
final class RecurrentRows implements AttentionRows {
  private final AttentionProblem problem;
  private final RecurrentPlan plan;
  private int held = -1;
  private double[] weights = new double[0];

  RecurrentRows(AttentionProblem problem, RecurrentPlan plan) {
    this.problem = problem;
    this.plan = plan;
  }

  @Override
  public int batches() {
    return problem.batches();
  }

  @Override
  public int heads() {
    return problem.heads();
  }

  @Override
  public int queries() {
    return problem.queries();
  }

  @Override
  public int keys() {
    return problem.keys();
  }

  @Override
  public Row row(int b, int h, int i) {
    int head = b * heads() + h;
    if (held != head) {
      weights = run(b, h);
      held = head;
    }
    int met = problem.ragged() == null && i < problem.keyLength(b) ? i + 1 : 0;
    int[] keys = new int[met];
    Arrays.setAll(keys, j -> j);
    return new Row(keys, Arrays.copyOfRange(weights, i * keys(), i * keys() + met));
  }

  private double[] run(int b, int h) {
    int group = b * problem.kvHeads() + problem.kvHead(h);
    int tokens = problem.keys();
    Tensor units =
        Tensor.generate(Shape.of(1, 1, tokens, tokens), p -> p / tokens == p % tokens ? 1 : 0);
    AttentionProblem one =
        AttentionProblem.of(
                slab(problem.q(), b * problem.heads() + h), slab(problem.k(), group), units)
            .scale(problem.scale())
            .queryLengths(problem.queryLength(b))
            .keyLengths(problem.keyLength(b))
            .build();
    RecurrentPlan own =
        new RecurrentPlan(plan.rule(), orNull(plan.decay(), group), orNull(plan.beta(), group));
    return new ScalarRecurrent(one, own).forward().out().toDoubles();
  }

  private static @Nullable Tensor orNull(@Nullable Tensor x, int head) {
    return x == null ? null : slab(x, head);
  }

  /** One head of x [B, H, ..] as [1, 1, ..]. */
  private static Tensor slab(Tensor x, int head) {
    Shape shape = x.shape().with(0, 1).with(1, 1);
    return Tensor.generate(shape, p -> x.get(head * shape.size() + p));
  }
}
