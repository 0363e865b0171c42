package dev.assay.mechanism;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.Engine;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.GatherPlan;
import dev.assay.plan.Plan;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.IntStream;
import org.jspecify.annotations.Nullable;

/**
 * Softmax attention in the two forms in which a mechanism needs it: {@link #byOps}, the meaning,
 * and {@link #on}, a run of a plan on an engine. A mechanism is then written once around either.
 */
public interface Softmax {
  /**
   * The tensors of one attention as values on the tape.
   *
   * @param q [B, H, n_q, d]
   * @param k [B, H_kv, n_k, d]
   * @param v [B, H_kv, n_k, d_v]
   * @param bias broadcastable to [B, H, n_q, n_k], or null
   */
  record Operands(Var q, Var k, Var v, @Nullable Var bias) {}

  /**
   * The pairs that a mechanism lets exist, said twice.
   *
   * @param rule pair by pair, for the ops
   * @param plan as lists, for the engines
   */
  record Pairs(KeepMask.Rule rule, Plan plan) {
    /** Every pair that the problem allows. */
    public static final Pairs ALL = new Pairs((b, h, i, j) -> true, new DensePlan());
  }

  /** Output [B, H, n_q, d_v] and LSE [B, H, n_q] of the problem's predicates on these tensors. */
  Answer attend(AttentionProblem problem, Operands operands, Pairs pairs);

  /**
   * With ops alone:
   *
   * <pre>
   * s_ij = softcap(scale q_i . k_j) + bias_ij      where keep_ij
   * p_i = softmax over kept j of s_ij              L_i = log sum over kept j of exp s_ij
   * out_i = sum over kept j of dropout_ij p_ij v_j
   * </pre>
   *
   * <p>A key that the plan lists c times weighs c times: its logit gains log c.
   */
  static Answer byOps(AttentionProblem problem, Operands given, Pairs pairs) {
    Operands operands =
        pairs.plan() instanceof GatherPlan lists ? counted(problem, given, lists) : given;
    Tensor allowed = KeepMask.of(problem, pairs.rule());
    Var s = logits(problem, operands, allowed);
    Tensor keep = Ops.admissible(s, allowed);
    if (!keep.bitEquals(allowed)) {
      // A logit of -inf counts as masked: the backward must not read its key either.
      s = logits(problem, operands, keep);
    }
    Var p = Ops.maskedSoftmax(s, keep);
    Tensor read = keep;
    Tensor dropoutKeep = problem.dropoutKeep();
    if (dropoutKeep != null) {
      // A dropped pair keeps its place in the softmax, but its value is not read.
      p = Ops.scale(p, 1 / (1 - problem.dropoutRate()));
      read =
          KeepMask.where(
              keep.shape(), x -> keep.at(x) != 0 && KeepMask.broadcast(dropoutKeep, x) != 0);
    }
    Var v = perQueryHead(operands.v(), problem.heads());
    return Answer.of(Ops.spmm(p, v, read), Ops.logSumExp(s, keep));
  }

  private static Operands counted(AttentionProblem problem, Operands operands, GatherPlan lists) {
    if (Arrays.stream(lists.counts()).allMatch(count -> count == 1)) {
      return operands;
    }
    int keys = problem.keys();
    double[] logs = new double[problem.lseShape().size() * keys];
    for (int row = 0; row + 1 < lists.rowPtr().length; row++) {
      for (int e = lists.rowPtr()[row]; e < lists.rowPtr()[row + 1]; e++) {
        logs[row * keys + lists.keys()[e]] = StrictMath.log(lists.counts()[e]);
      }
    }
    Shape pairs = Shape.of(problem.batches(), problem.heads(), problem.queries(), keys);
    Var counts = Ops.constant(operands.q().tape(), Tensor.adopt(pairs, logs));
    Var bias = operands.bias();
    return new Operands(
        operands.q(), operands.k(), operands.v(), bias == null ? counts : Ops.add(bias, counts));
  }

  private static Var logits(AttentionProblem problem, Operands operands, Tensor keep) {
    Var k = perQueryHead(operands.k(), problem.heads());
    Var s = Ops.scale(Ops.sddmm(operands.q(), Ops.transpose(k), keep), problem.scale());
    if (problem.softcap() > 0) {
      double cap = problem.softcap();
      s = Ops.scale(Ops.tanh(Ops.scale(s, 1 / cap)), cap);
    }
    Var bias = operands.bias();
    return bias == null ? s : Ops.add(s, bias);
  }

  /**
   * The output of a mechanism without the rows in which none of these attentions found a key: a
   * factor of such a row would otherwise get a gradient from whatever its cotangent holds.
   */
  static Var withoutEmptyRows(Var out, Answer... attended) {
    return Ops.select(out, KeepMask.where(out.shape(), x -> meets(x[0], x[1], x[2], attended)));
  }

  /** Whether a query found a key in one of these attentions. */
  static boolean meets(int b, int h, int i, Answer... attended) {
    for (Answer answer : attended) {
      Var lse = answer.lse();
      // An engine without LSE has no backward run either: nothing to keep from a factor.
      if (lse == null || lse.value().at(b, h, i) != Double.NEGATIVE_INFINITY) {
        return true;
      }
    }
    return false;
  }

  /** As a run of the plan on an engine. */
  static Softmax on(Engine engine) {
    return (problem, operands, pairs) -> {
      List<Var> slots = new ArrayList<>(List.of(operands.q(), operands.k(), operands.v()));
      Var bias = operands.bias();
      if (bias != null) {
        slots.add(bias);
      }
      Tape tape = operands.q().tape();
      List<Var> outputs = Attend.record(tape, engine, problem, pairs.plan(), slots);
      return Answer.of(outputs.get(0), outputs.size() > 1 ? outputs.get(1) : null);
    };
  }

  /** Query head h gets a copy of key head floor(h / (H / H_kv)). */
  static Var perQueryHead(Var kv, int heads) {
    int kvHeads = kv.shape().extent(1);
    return kvHeads == heads
        ? kv
        : Ops.gather(kv, 1, IntStream.range(0, heads).map(h -> h / (heads / kvHeads)).toArray());
  }
}
