package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Gradients;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Gradients of attention through features in linear time, with {@code g} of {@link FeatureQueries}:
 *
 * <pre>
 * dq = T^T g, T = sum_j [v_j, 1] k_j^T over the keys that the query sees      first pass
 * dk = R^T [v, 1], dv = R k, R = sum_i g_i q_i^T over the queries that see the key      second
 * </pre>
 *
 * <p>A task is a span and key head, first its queries, then its keys; an object is the scratch
 * memory of one thread.
 */
final class FeatureBackward implements IntConsumer {
  private final AttentionProblem problem;
  private final List<Span> spans;
  private final FeatureKeys keys;
  private final FeatureQueries queries;
  private final FeatureQueryPass queryPass;
  private final FeatureKeyPass keyPass;

  private FeatureBackward(Shared shared) {
    this.problem = shared.problem();
    this.spans = shared.spans();
    this.keys = new FeatureKeys(problem, spans.getFirst(), 0);
    this.queries = new FeatureQueries(problem, shared.rows());
    FeaturePairs pairs = new FeaturePairs(problem);
    this.queryPass = new FeatureQueryPass(shared, keys, queries, pairs);
    this.keyPass = new FeatureKeyPass(shared, keys, queries, pairs);
  }

  /** What all threads share. */
  record Shared(
      AttentionProblem problem,
      float guard,
      List<Span> spans,
      FeatureQueries.Shared rows,
      float[] dq,
      KeyGradient dk,
      KeyGradient dv) {}

  static Gradients run(
      AttentionProblem problem, FeaturePlan plan, Tensor out, Tensor dOut, Workers workers) {
    List<Span> spans = Span.of(problem);
    Shared shared =
        new Shared(
            problem,
            (float) plan.guard(),
            spans,
            FeatureQueries.Shared.of(problem, out.floats(), dOut.floats()),
            new float[problem.q().size()],
            new KeyGradient(problem, problem.k(), spans),
            new KeyGradient(problem, problem.v(), spans));
    workers.run(spans.size() * problem.kvHeads(), () -> new FeatureBackward(shared));
    return Gradients.of(
        Tensor.adopt(problem.q().shape(), shared.dq()), shared.dk().finish(), shared.dv().finish());
  }

  @Override
  public void accept(int task) {
    Span span = spans.get(task / problem.kvHeads());
    int keyHead = task % problem.kvHeads();
    Frontier frontier = Frontier.of(problem, span);
    keys.open(span, keyHead);
    queries.open();
    queryPass.run(frontier, keyHead);
    keyPass.run(frontier, keyHead);
  }
}
