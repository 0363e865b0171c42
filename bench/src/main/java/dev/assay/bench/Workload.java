package dev.assay.bench;

import dev.assay.check.Require;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.MergePlan.Branch;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;

/**
 * What is given to every engine alike: numbers that fp32 holds exactly, from fixed seeds.
 *
 * @param work kind of work
 * @param n keys, and queries but of {@link Work#DECODE}
 * @param heads query heads
 * @param kvHeads key and value heads; divides {@code heads}
 * @param depth channels of queries, keys and values
 */
public record Workload(Work work, int n, int heads, int kvHeads, int depth) {
  private static final int SEED = 7;
  private static final int UNIT = -16;
  private static final int Q = 1;
  private static final int K = 2;
  private static final int V = 3;
  private static final int D_OUT = 4;

  /** Checks the sizes. */
  public Workload {
    Require.positive(n, "n");
    Require.positive(kvHeads, "key heads");
    Require.positive(depth, "d");
    Require.argument(
        heads >= kvHeads && heads % kvHeads == 0,
        "%d query heads do not divide evenly among %d key heads: heads must be a multiple of key heads",
        heads,
        kvHeads);
  }

  /** The whole of it, in the storage an engine wants. */
  public Branch on(Storage storage) {
    return on(storage, 0, kvHeads);
  }

  /** Key heads {@code from} to {@code to - 1} with the query heads that read them. */
  public Branch on(Storage storage, int from, int to) {
    int group = heads / kvHeads;
    return work.on(
        AttentionProblem.of(
                rows(Q, work.queries(n), group * from, group * to).to(storage),
                rows(K, n, from, to).to(storage),
                rows(V, n, from, to).to(storage))
            .build());
  }

  /** The cotangent of the output. */
  public Tensor dOut(Storage storage) {
    return dOut(storage, 0, kvHeads);
  }

  /** The cotangent for the query heads of some key heads. */
  public Tensor dOut(Storage storage, int from, int to) {
    int group = heads / kvHeads;
    return rows(D_OUT, work.queries(n), group * from, group * to).to(storage);
  }

  private Tensor rows(int stream, int tokens, int fromHead, int toHead) {
    Philox generator = new Philox(SEED, stream, 1);
    int before = fromHead * tokens * depth;
    return Tensor.generate(
        Shape.of(1, toHead - fromHead, tokens, depth),
        p -> DType.F32.round(Distribution.BELL.value(generator, before + p, UNIT)));
  }

  /** Floating-point operations of a pass. */
  public double flops(Pass pass) {
    return pass.flops(work.pairs(n) * heads, depth);
  }

  /** Bytes of one fp32 number for each pair of each head: what nobody here ever allocates. */
  public double bytesOfAllPairs() {
    return (double) Float.BYTES * heads * work.queries(n) * n;
  }
}
