package dev.assay.mechanism.selected;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.BlockPools;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Teacher;
import dev.assay.mechanism.selected.SeerAttentionR.BlockPosition;
import dev.assay.mechanism.selected.SeerAttentionR.QueryHeads;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** The gate of {@link SeerAttentionR} on one set of inputs. */
final class SeerDecodeGate {
  private final SeerAttentionR seer;
  private final Inputs inputs;
  private final AttentionProblem problem;
  private final KeyBlocks blocks;

  SeerDecodeGate(SeerAttentionR seer, Inputs inputs, AttentionProblem problem) {
    this.seer = seer;
    this.inputs = inputs;
    this.problem = problem;
    this.blocks = new KeyBlocks(problem, seer.block());
  }

  /** [B, H_kv, n_q]. */
  Shape rows() {
    return Shape.of(problem.batches(), problem.kvHeads(), problem.queries());
  }

  /** [B, H_kv, n_q, N]. */
  Shape pairs() {
    Shape rows = rows();
    return Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), blocks.count());
  }

  /** 1 for blocks before a query's own, [B, H_kv, n_q, N]. */
  Tensor earlier() {
    return KeepMask.where(pairs(), x -> isEarlier(x[0], x[2], x[3]));
  }

  boolean isEarlier(int b, int i, int block) {
    return blocks.meetsKeys(b, i) && blocks.holdsKeys(b, block) && block < blocks.own(b, i);
  }

  /** Scores of earlier blocks, 0 elsewhere. */
  Var logits() {
    return logits(earlier());
  }

  /** Scores of kept pairs, 0 elsewhere. */
  Var logits(Tensor keep) {
    Var k = GateLayer.orElse(inputs, "k_gate", "k");
    BlockPools pools = BlockPools.ofKeys(problem, seer.block());
    Var pooled = seer.keyPool().of(pools, k);
    Var projected = GateLayer.perHead(pooled, inputs.var("w_gate_k"), "w_gate_k");
    int width = projected.shape().extent(3);
    Var keys =
        GateLayer.turned(
            GateLayer.normed(projected, inputs, "k_norm"),
            seer.rope(),
            seer.theta(),
            width,
            this::blockPosition);
    double scale = 1 / Math.sqrt(width);
    if (seer.queryHeads() == QueryHeads.QORIG) {
      return averaged(keys, keep, scale);
    }
    Var queries = GateLayer.normed(queries(width), inputs, "q_norm");
    Var turned = GateLayer.turned(queries, seer.rope(), seer.theta(), width, blocks::position);
    return GateLayer.logits(turned, keys, keep, scale);
  }

  private int blockPosition(int b, int block) {
    int last = (block + 1) * seer.block() - 1;
    boolean decoded = last >= problem.offset(b);
    return seer.blockPosition() == BlockPosition.CODED && decoded ? last : block * seer.block();
  }

  /** Scores of every head by its own query, averaged over the group. */
  private Var averaged(Var keys, Tensor keep, double scale) {
    Var q = valid(GateLayer.orElse(inputs, "q_gate", "q"));
    requireWidth(q, keys.shape().extent(3));
    int heads = problem.heads();
    int group = heads / problem.kvHeads();
    Tensor perHead =
        KeepMask.where(
            keep.shape().with(1, heads), x -> keep.at(x[0], x[1] / group, x[2], x[3]) != 0);
    Var scores = GateLayer.logits(q, Softmax.perQueryHead(keys, heads), perHead, scale);
    Shape pairs = pairs();
    int columns = pairs.extent(2) * pairs.extent(3);
    Shape apart = Shape.of(pairs.extent(0), pairs.extent(1), group, columns);
    return Ops.reshape(Composed.mean(Ops.reshape(scores, apart), 2), pairs);
  }

  /** Queries behind a length are not read. */
  private Var valid(Var q) {
    return Ops.select(q, KeepMask.where(q.shape(), x -> x[2] < problem.queryLength(x[0])));
  }

  private static void requireWidth(Var q, int width) {
    Require.argument(
        q.shape().extent(3) == width,
        "queries have %d channels and the gate's keys %d: without a projection they must agree",
        q.shape().extent(3),
        width);
  }

  /** One query for each group of heads, [B, H_kv, n_q, d_g]. */
  private Var queries(int width) {
    Var q = valid(GateLayer.orElse(inputs, "q_gate", "q"));
    Shape rows = rows();
    int depth = problem.depth();
    int group = problem.heads() / problem.kvHeads();
    Var apart =
        Ops.reshape(q, Shape.of(rows.extent(0), rows.extent(1), group, rows.extent(2), depth));
    Shape one = Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), depth);
    if (seer.queryHeads() == QueryHeads.QPROJ) {
      // The heads of a group side by side, so that one product sums over them.
      Var beside = Ops.reshape(Ops.permute(apart, 0, 1, 3, 2, 4), one.with(3, group * depth));
      return GateLayer.perHead(beside, stacked(group, depth, width), "w_gate_q");
    }
    Var mean = Ops.reshape(Composed.mean(apart, 2), one);
    if (seer.queryHeads() == QueryHeads.QAVGPROJ) {
      return GateLayer.perHead(mean, weights(), "w_gate_q");
    }
    requireWidth(mean, width);
    return mean;
  }

  private Var weights() {
    Require.argument(inputs.has("w_gate_q"), "%s needs the tensor w_gate_q", seer.queryHeads());
    return inputs.var("w_gate_q");
  }

  private Var stacked(int group, int depth, int width) {
    Var given = weights();
    Shape wanted = Shape.of(problem.kvHeads(), group, depth, width);
    Require.argument(
        given.shape().equals(wanted), "w_gate_q has shape %s: %s is needed", given.shape(), wanted);
    return Ops.reshape(given, Shape.of(problem.kvHeads(), group * depth, width));
  }

  /**
   * {@code max over heads of a group and j in J of A_ij} for earlier blocks, as shares of a row.
   */
  Tensor target() {
    int group = problem.heads() / problem.kvHeads();
    Tensor dense = new DenseWeights(problem).all();
    return Teacher.decoding(seer.block(), group).of(dense, earlier(), Teacher.GUARD);
  }
}
