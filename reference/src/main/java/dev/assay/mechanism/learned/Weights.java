package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.op.Ops;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * A softmax as a matrix, for mechanisms that change it before it meets the values: {@code A =
 * softmax(s + log M)}.
 *
 * <p>Where M is the hard form of a gate m, the gradient into m is that of {@code A_ij = M_ij e^s_ij
 * / sum_k M_ik e^s_ik} at M, also for pairs that M excludes: {@code dm_ij = e^(s_ij - L_i) (dA_ij -
 * sum_k A_ik dA_ik)}, so that they can come back.
 *
 * @param logits s, [B, H, n_q, n_k]
 * @param matrix A, in the same shape; 0 outside the support
 * @param lse L, [B, H, n_q]
 * @param support M
 * @param reach pairs that a gradient may reach: the support, or all that the problem allows
 * @param gate m, or null if M is a constant
 */
record Weights(Var logits, Var matrix, Var lse, Tensor support, Tensor reach, @Nullable Var gate) {
  private static final double FARTHEST = 700;

  /** Of logits under a mask that is a constant. */
  static Weights of(Var logits, Tensor support) {
    return new Weights(
        logits,
        Ops.maskedSoftmax(logits, support),
        Ops.logSumExp(logits, support),
        support,
        support,
        null);
  }

  /** Of logits under a mask that is the hard form of a gate, with the gradient passed through. */
  static Weights of(Var logits, Tensor support, Tensor reach, @Nullable Var gate) {
    Weights hard = of(logits, support);
    if (gate == null) {
      return hard;
    }
    Var effect = effect(logits, hard.lse(), support, reach, gate);
    Var lost = Ops.sum(effect, -1);
    Var matrix = Ops.add(hard.matrix(), Ops.sub(effect, Ops.mul(lost, hard.matrix())));
    Var lse = Ops.add(hard.lse(), Ops.reshape(lost, hard.lse().shape()));
    return new Weights(logits, matrix, lse, support, reach, gate);
  }

  /** The same gate over other logits. */
  Weights withLogits(Var other) {
    return of(other, support, reach, gate);
  }

  /** M as a value: a constant, or hard with the gradient of its gate. */
  Var mask() {
    Var hard = Ops.constant(logits.tape(), support);
    return gate == null ? hard : Ops.straightThrough(hard, Ops.select(gate, reach));
  }

  /** {@code A v}, read where A or its gradient may be. */
  Var times(Var v) {
    return Ops.spmm(matrix, Softmax.perQueryHead(v, support.shape().extent(1)), reach);
  }

  /**
   * The answer of an engine under the hard mask, with the gradient into the gate: out and lse keep
   * their values.
   */
  static Answer through(
      Answer hard, Var logits, Var v, Tensor support, Tensor reach, @Nullable Var gate) {
    Var hardLse = hard.lse();
    if (gate == null || hardLse == null) {
      return hard;
    }
    Var effect = effect(logits, hardLse, support, reach, gate);
    Var lost = Ops.sum(effect, -1);
    Var values = Softmax.perQueryHead(v, support.shape().extent(1));
    Var moved = Ops.sub(Ops.spmm(effect, values, reach), Ops.mul(lost, hard.out()));
    Var out = Softmax.withoutEmptyRows(Ops.add(hard.out(), moved), hard);
    Var lse = Ops.add(hardLse, Ops.reshape(lost, hardLse.shape()));
    return Answer.of(out, lse);
  }

  /** {@code min(x, 700)}: an excluded logit far above the others must not make 0 times infinity. */
  private static Var capped(Var x) {
    Tensor value = x.value();
    Tensor within = Tensor.generate(x.shape(), p -> value.get(p) <= FARTHEST ? 1 : 0);
    Tensor rest = Tensor.generate(x.shape(), p -> value.get(p) <= FARTHEST ? 0 : FARTHEST);
    return Ops.add(Ops.select(x, within), Ops.constant(x.tape(), rest));
  }

  /** {@code e^(s - L) (M - M)}: 0, with the slope of m. Rows without support have none. */
  private static Var effect(Var logits, Var lse, Tensor support, Tensor reach, Var gate) {
    Tensor live =
        KeepMask.where(
            reach.shape(),
            x -> reach.at(x) != 0 && lse.value().at(x[0], x[1], x[2]) != Double.NEGATIVE_INFINITY);
    Var column = Ops.reshape(lse, reach.shape().with(3, 1));
    Var odds = Ops.exp(capped(Ops.select(Ops.sub(logits, column), live)));
    Var hard = Ops.constant(logits.tape(), support);
    Var difference = Ops.sub(Ops.straightThrough(hard, Ops.select(gate, reach)), hard);
    return Ops.mul(Ops.detach(odds), Ops.select(difference, live));
  }
}
