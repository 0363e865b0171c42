package dev.assay.mechanism.heads;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * The scores of a {@link HeadGate} and the heads that they turn on: {@code s_h = sigmoid(w_h .
 * [mean q_h ; mean k_h] + c_h)}, active where s_h is at least theta.
 *
 * @param score [B, H, rows], rows = 1 or n_q
 * @param active 0 or 1 in the same shape
 * @param margin how near a score came to turning its head on or off; infinite if the choice was
 *     given
 */
record HeadScores(Var score, Tensor active, double margin) {

  /**
   * Scores, and the heads that they choose.
   *
   * @param kept so many heads of largest score are active whatever theta says
   * @throws IllegalArgumentException if a score is NaN
   */
  static HeadScores choose(Inputs inputs, GatePooling pooling, double theta, int kept) {
    Var pooled = pooling.pool(inputs.var("q"), inputs.var("k"));
    Var score = score(inputs, pooled, pooling.rows());
    HeadChoice choice = new HeadChoice(score.value(), theta, kept);
    return new HeadScores(score, choice.active(), choice.margin());
  }

  /**
   * Scores beside a given choice.
   *
   * @param readInactive whether the scores of inactive heads are used; if not, nothing that lies in
   *     those heads reaches them
   */
  static HeadScores given(Inputs inputs, GatePooling pooling, Tensor choice, boolean readInactive) {
    Shape rows = pooling.rows();
    Require.argument(
        choice.shape().equals(rows), "active has shape %s: %s is needed", choice.shape(), rows);
    Var pooled = pooling.pool(inputs.var("q"), inputs.var("k"));
    // A row of its own score that has no key gives 0: its score is not read either.
    AttentionProblem problem = pooling.problem();
    boolean byToken = pooling.granularity() != HeadGate.Granularity.SEQUENCE;
    Tensor read =
        KeepMask.where(
            rows,
            x ->
                (readInactive || choice.at(x) != 0)
                    && (!byToken || KeepMask.meets(problem, x[0], x[1], x[2])));
    pooled =
        Ops.select(pooled, KeepMask.where(pooled.shape(), x -> read.at(x[0], x[1], x[2]) != 0));
    Tensor active = KeepMask.where(rows, x -> choice.at(x) != 0);
    return new HeadScores(score(inputs, pooled, rows), active, Double.POSITIVE_INFINITY);
  }

  private static Var score(Inputs inputs, Var pooled, Shape rows) {
    Var weights = inputs.var("w_gate");
    int heads = rows.extent(1);
    int channels = pooled.shape().extent(3);
    Shape given = weights.shape();
    Require.argument(
        given.rank() == 2
            && (given.extent(0) == heads || given.extent(0) == 1)
            && given.extent(1) == channels,
        "w_gate has shape %s: [%d, %d] is needed, or [1, %d] for weights that heads share",
        given,
        heads,
        channels,
        channels);
    Var weighted = Ops.mul(pooled, Ops.reshape(weights, Shape.of(given.extent(0), 1, channels)));
    Var logit = Ops.reshape(Ops.sum(weighted, 3), rows);
    Var offset = inputs.find("b_gate");
    if (offset != null) {
      int offsets = offset.shape().size();
      Require.argument(
          offset.shape().rank() == 1 && (offsets == heads || offsets == 1),
          "b_gate has shape %s: [%d] is needed, or [1]",
          offset.shape(),
          heads);
      logit = Ops.add(logit, Ops.reshape(offset, Shape.of(offsets, 1)));
    }
    return Ops.sigmoid(logit);
  }
}
