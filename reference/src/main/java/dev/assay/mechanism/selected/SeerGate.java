package dev.assay.mechanism.selected;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.BlockPools;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.selected.SeerAttention.Choice;
import dev.assay.mechanism.selected.TopBlocks.Standing;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.stream.IntStream;

/** The gate of {@link SeerAttention} on one set of inputs. */
final class SeerGate {
  private final SeerAttention seer;
  private final Inputs inputs;
  private final AttentionProblem problem;
  private final Tensor keep;

  SeerGate(SeerAttention seer, Inputs inputs, AttentionProblem problem) {
    this.seer = seer;
    this.inputs = inputs;
    this.problem = problem;
    for (int b = 0; b < problem.batches(); b++) {
      Require.argument(
          problem.queries() == problem.keys() && problem.queryLength(b) == problem.keyLength(b),
          "batch entry %d has %d queries and %d keys: blocks of both are compared, so they must be"
              + " as many",
          b,
          problem.queryLength(b),
          problem.keyLength(b));
    }
    Shape rows = rows();
    this.keep =
        KeepMask.where(
            Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), rows.extent(2)),
            x -> x[2] < valid(x[0]) && x[3] < valid(x[0]) && (!seer.causal() || x[3] <= x[2]));
  }

  /** [B, H, N]. */
  Shape rows() {
    int blocks = Math.ceilDiv(problem.queries(), seer.block());
    return Shape.of(problem.batches(), problem.heads(), blocks);
  }

  /** Blocks with a valid token. */
  private int valid(int b) {
    return Math.ceilDiv(problem.keyLength(b), seer.block());
  }

  /** 1 where a block of keys may be chosen, [B, H, N, N]. */
  Tensor keep() {
    return keep;
  }

  /** Scores of blocks; 0 where there is nothing to choose. */
  Var logits() {
    Var q = GateLayer.orElse(inputs, "q_gate", "q");
    Var k = GateLayer.orElse(inputs, "k_gate", "k");
    int[] lengths = IntStream.range(0, problem.batches()).map(problem::keyLength).toArray();
    BlockPools pools = new BlockPools(seer.block(), lengths);
    Var queries = seer.queryPool().of(pools, q);
    if (inputs.has("w_gate_q")) {
      queries = GateLayer.perHead(queries, inputs.var("w_gate_q"), "w_gate_q");
    }
    Var keys = keys(seer.keyPool().of(pools, k));
    int width = queries.shape().extent(3);
    Require.argument(
        keys.shape().extent(3) == width,
        "pooled queries have %d channels and keys %d: give w_gate_q, or a w_gate_k of that width",
        width,
        keys.shape().extent(3));
    int block = seer.block();
    return GateLayer.logits(
        GateLayer.turned(queries, seer.rope(), seer.theta(), width, (b, i) -> i * block),
        GateLayer.turned(keys, seer.rope(), seer.theta(), width, (b, j) -> j * block),
        keep,
        1 / Math.sqrt(width));
  }

  /** With a matrix for each head of queries the pooled keys are repeated before it, else after. */
  private Var keys(Var pooled) {
    Var weights = inputs.var("w_gate_k");
    int heads = problem.heads();
    boolean perQueryHead = weights.shape().rank() == 3 && weights.shape().extent(0) == heads;
    Var x = perQueryHead ? Softmax.perQueryHead(pooled, heads) : pooled;
    return Softmax.perQueryHead(GateLayer.perHead(x, weights, "w_gate_k"), heads);
  }

  /** What blocks are chosen by, [B, H, N, N]. */
  Tensor scores() {
    return seer.scores() == GateScores.ORACLE ? GateScores.logarithms(target()) : logits().value();
  }

  /** The probabilities of the blocks that a row of blocks may choose; -inf for all others. */
  double[] probabilities(Tensor z, int b, int h, int row) {
    Standing[] standing = TopBlocks.none(rows().extent(2));
    double[] scores = new double[standing.length];
    for (int block = 0; block < scores.length; block++) {
      scores[block] = z.at(b, h, row, block);
      standing[block] = keep.at(b, h, row, block) != 0 ? Standing.CANDIDATE : Standing.NO;
    }
    return TopBlocks.candidates(TopBlocks.softmax(scores, standing), standing);
  }

  Selection choose() {
    Tensor z = scores();
    TopBlocks top = new TopBlocks();
    KeyBlocks blocks = new KeyBlocks(problem, seer.block());
    return Selection.choose(
        rows(), seer.block(), blocks, blocks.count(), top, (b, h, row) -> row(z, top, b, h, row));
  }

  private int[] row(Tensor z, TopBlocks top, int b, int h, int row) {
    int count = rows().extent(2);
    double[] scores = new double[count];
    Standing[] standing = TopBlocks.none(count);
    for (int block = 0; block < count; block++) {
      if (keep.at(b, h, row, block) != 0) {
        scores[block] = z.at(b, h, row, block);
        boolean dense = row >= valid(b) - seer.denseRows();
        boolean own = seer.forceDiagonal() && block == row;
        standing[block] = dense || own ? Standing.FORCED : Standing.CANDIDATE;
      }
    }
    if (seer.choice() == Choice.THRESHOLD) {
      return top.above(TopBlocks.softmax(scores, standing), standing, seer.threshold());
    }
    double share =
        seer.choice() == Choice.ROW_RATIO ? seer.ratio() : 1 - Math.sqrt(1 - seer.ratio());
    return top.pick(scores, standing, Math.max(1, (int) (share * valid(b))));
  }

  /** {@code max over i in I and j in J of A_ij}, divided by the sum of its row. */
  Tensor target() {
    DenseTeacher teacher = new DenseTeacher(problem);
    int count = rows().extent(2);
    double[] all = new double[keep.size()];
    for (int p = 0; p < rows().size(); p++) {
      int[] at = rows().index(p);
      double[] largest = new double[count];
      int end = Math.min((at[2] + 1) * seer.block(), problem.queries());
      for (int i = at[2] * seer.block(); i < end; i++) {
        teacher.raise(largest, teacher.row(at[0], at[1], i), seer.block());
      }
      double[] shares = DenseTeacher.normalised(largest, 0);
      System.arraycopy(shares, 0, all, p * count, count);
    }
    return Tensor.adopt(keep.shape(), all);
  }
}
