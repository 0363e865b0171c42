package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.BlockPools;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Softmax;
import dev.assay.op.Ops;
import dev.assay.op.Rotary;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Scores of blocks from pooled queries and keys: {@code z_IJ = (R_I q_I W_q) . (R_J k_J W_k) /
 * sqrt(d_g)}, with q_I the mean query of a block, k_J its keys' maximum, minimum and mean in a row,
 * and R the rotation of the position at which a block starts.
 *
 * @param logits z [B, H, N_q, N_k], 0 where not admissible
 * @param admissible 1 where a block holds a pair that the problem allows
 */
record BlockGate(Var logits, Tensor admissible) {

  static BlockGate of(AdaptiveSparseBlock block, Inputs inputs, AttentionProblem problem) {
    int size = block.size();
    for (int b = 0; b < problem.batches(); b++) {
      Require.argument(
          problem.queries() == problem.keys() && problem.offset(b) == 0,
          "blocks are cut from one sequence, but %d queries stand at offset %d among %d keys",
          problem.queries(),
          problem.offset(b),
          problem.keys());
    }
    Var keys = Softmax.perQueryHead(inputs.var("k"), problem.heads());
    BlockPools ofKeys = BlockPools.ofKeys(problem, size);
    Var pooled = Ops.concat(3, ofKeys.max(keys), ofKeys.min(keys), ofKeys.mean(keys));
    Var k = projected(pooled, inputs.var("w_gate_k"), "w_gate_k");
    Var q = BlockPools.ofQueries(problem, size).mean(inputs.var("q"));
    Var weights = inputs.find("w_gate_q");
    q = weights == null ? q : projected(q, weights, "w_gate_q");
    int width = k.shape().extent(3);
    Require.argument(
        q.shape().extent(3) == width,
        "queries of the gate have %d channels, keys %d: w_gate_q makes them as many",
        q.shape().extent(3),
        width);
    if (block.gateRope()) {
      RotaryAngles angles =
          new RotaryAngles(Rotary.Layout.HALF, block.ropeTheta(), width, null, null);
      q = angles.turn(q, (b, i) -> i * size);
      k = angles.turn(k, (b, j) -> j * size);
    }
    Tensor admissible = ScorePlane.anyOf(problem, size);
    Var products = Ops.sddmm(q, Ops.transpose(k), admissible);
    return new BlockGate(Ops.scale(products, 1 / Math.sqrt(width)), admissible);
  }

  /** x [B, H, N, in] times weights [H or 1, in, out]. */
  private static Var projected(Var x, Var weights, String name) {
    Shape shape = weights.shape();
    int heads = x.shape().extent(1);
    int in = x.shape().extent(3);
    Require.argument(
        shape.rank() == 3
            && (shape.extent(0) == heads || shape.extent(0) == 1)
            && shape.extent(1) == in,
        "%s has shape %s: [%d, %d, d_g] is needed, or 1 for all heads",
        name,
        shape,
        heads,
        in);
    Shape matrices = Shape.of(x.shape().extent(0), heads, in, shape.extent(2));
    Var one = Ops.reshape(weights, Shape.of(1, shape.extent(0), in, shape.extent(2)));
    return Ops.matMul(x, Ops.broadcast(one, matrices));
  }

  /**
   * The soft form of the scores in (0, 1]: {@code sigmoid(z / T)}, or the softmax of a row divided
   * by its maximum, {@code exp((z - max z) / T)}; 1 where {@code fixed} is.
   */
  Var soft(AdaptiveSparseBlock block, Tensor fixed) {
    double inverse = 1 / block.temperature();
    Var gate =
        switch (block.squash()) {
          case SIGMOID -> Ops.sigmoid(Ops.scale(logits, inverse));
          case ROW_SOFTMAX ->
              Ops.exp(
                  Ops.scale(
                      Ops.select(Ops.sub(logits, RowMaximum.of(logits, admissible)), admissible),
                      inverse));
        };
    Tensor free = KeepMask.where(fixed.shape(), x -> admissible.at(x) != 0 && fixed.at(x) == 0);
    return Ops.add(Ops.select(gate, free), Ops.constant(gate.tape(), fixed));
  }
}
