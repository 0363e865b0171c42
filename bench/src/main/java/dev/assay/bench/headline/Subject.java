package dev.assay.bench.headline;

import dev.assay.engine.Engine;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.study.PairCount;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * An attention with its tensors in fp32, ready to be run.
 *
 * @param work problem and plan
 * @param dOut cotangent of the output
 */
record Subject(Branch work, Tensor dOut) {
  /** Channels of every head: what the goals are stated for. */
  static final int DEPTH = 64;

  private static final int Q = 1;
  private static final int K = 2;
  private static final int V = 3;
  private static final int D_OUT = 4;

  /** As many queries as keys. */
  static Subject of(Recipe recipe, int n, int heads) {
    return of(recipe, n, n, heads);
  }

  static Subject of(Recipe recipe, int queries, int keys, int heads) {
    Shape rows = Shape.of(1, heads, queries, DEPTH);
    Shape keyRows = Shape.of(1, heads, keys, DEPTH);
    AttentionProblem plain =
        AttentionProblem.of(Draw.bell(rows, Q), Draw.bell(keyRows, K), Draw.bell(keyRows, V))
            .build();
    return new Subject(recipe.on(plain), Draw.bell(rows, D_OUT));
  }

  Forward forward(Engine engine) {
    return engine.forward(work.problem(), work.plan());
  }

  Gradients backward(Engine engine, Forward forward) {
    return engine.backward(work.problem(), work.plan(), forward, dOut, null);
  }

  void both(Engine engine) {
    backward(engine, forward(engine));
  }

  /** The same numbers in fp64, for the judge. */
  Subject wide() {
    AttentionProblem p = work.problem();
    List<Tensor> held = new ArrayList<>();
    for (Tensor tensor : List.of(p.q(), p.k(), p.v())) {
      held.add(tensor.to(Storage.F64));
    }
    AttentionProblem wide = p.with(held.get(0), held.get(1), held.get(2), null).build();
    return new Subject(new Branch(wide, work.plan()), dOut.to(Storage.F64));
  }

  double pairs() {
    return PairCount.of(work);
  }

  /** Operations by the usual count: for each pair and channel 4 forward and 10 backward. */
  double flops(int perPairAndChannel) {
    return perPairAndChannel * pairs() * DEPTH;
  }

  /** Bytes of queries, keys and values. */
  double inputBytes() {
    AttentionProblem p = work.problem();
    return (double) Float.BYTES * (p.q().size() + p.k().size() + p.v().size());
  }

  /** Bytes of the output and the log-sum-exps. */
  double outputBytes() {
    AttentionProblem p = work.problem();
    return (double) Float.BYTES * (p.outShape().size() + p.lseShape().size());
  }
}
