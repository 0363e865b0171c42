package dev.assay.mechanism.linear;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.Engine;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Padding;
import dev.assay.mechanism.Softmax;
import dev.assay.mechanism.Softmax.Operands;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.ProblemBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Attention whose weights are products of features, divided by their sum: by ops, the meaning, and
 * as a run of a {@link FeaturePlan} on an engine.
 *
 * <pre>
 * w_ij = phi(q_i) . phi(k_j)      z_i = sum over allowed j of w_ij + guard
 * p_ij = w_ij / z_i               out_i = sum over allowed j of p_ij v_j
 * </pre>
 *
 * A row without keys, or whose z is 0, gives 0 and no gradient.
 */
interface FeatureAttention {
  /**
   * The output [B, H, n_q, d_v].
   *
   * @param problem lengths, offset and causality over these operands
   * @param operands features [B, H, n_q, m] and [B, H_kv, n_k, m], values [B, H_kv, n_k, d_v]
   * @param guard added to the denominator
   */
  Var attend(AttentionProblem problem, Operands operands, double guard);

  /** With ops alone, from the matrix of all weights. */
  static Var byOps(AttentionProblem problem, Operands operands, double guard) {
    Tensor keep = KeepMask.of(problem, (b, h, i, j) -> true);
    Var k = Softmax.perQueryHead(operands.k(), problem.heads());
    Var v = Softmax.perQueryHead(operands.v(), problem.heads());
    Var w = Ops.sddmm(operands.q(), Ops.transpose(k), keep);
    Var z = Ops.shift(Ops.sum(w, -1), guard);
    Tensor divides = KeepMask.where(z.shape(), x -> z.value().at(x) != 0);
    // Where z is 0 nothing is divided: 1 stands in for it, and the row keeps no pair.
    Tensor standIn = Tensor.generate(divides.shape(), p -> 1 - divides.get(p));
    Var divisor = Ops.add(Ops.select(z, divides), Ops.constant(z.tape(), standIn));
    Tensor read =
        KeepMask.where(keep.shape(), x -> keep.at(x) != 0 && KeepMask.broadcast(divides, x) != 0);
    return Ops.spmm(Ops.div(w, divisor), v, read);
  }

  /** As a run on an engine. */
  static FeatureAttention on(Engine engine) {
    return (problem, operands, guard) -> {
      Tape tape = operands.q().tape();
      List<Var> slots = List.of(operands.q(), operands.k(), operands.v());
      return Attend.record(tape, engine, problem, new FeaturePlan(guard), slots).getFirst();
    };
  }

  /** The problem with features in place of queries and keys: same lengths, offset and causality. */
  static ProblemBuilder over(AttentionProblem problem, Operands features) {
    return problem.with(features.q().value(), features.k().value(), features.v().value(), null);
  }

  /** q, k and v of the inputs, with 0 behind their lengths. */
  static Operands valid(Inputs inputs, AttentionProblem problem) {
    return new Operands(
        Padding.queries(inputs.var("q"), problem),
        Padding.keys(inputs.var("k"), problem),
        inputs.var("v"),
        null);
  }

  /** The shape [.., m] of features over the rows of x. */
  static Shape features(Var x, int m) {
    return x.shape().with(-1, m);
  }
}
