package dev.assay.mechanism.heads;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.KeepMask;
import dev.assay.mechanism.Softmax;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.function.Consumer;

/** The gates of a {@link HeadGate}, for a mechanism that puts them around another attention. */
public final class HeadGates {
  private final HeadGate gate;
  private final HeadScores scores;

  private HeadGates(HeadGate gate, HeadScores scores) {
    this.gate = gate;
    this.scores = scores;
  }

  /**
   * From the tensors q, k, w_gate, b_gate and active of a mechanism.
   *
   * @param gate how; its attention is not used
   * @param problem lengths of queries and keys
   * @param chunk with granularity TOKEN: each token is scored by the chunk of so many tokens that
   *     it lies in; 1 for itself
   */
  public static HeadGates of(HeadGate gate, Inputs inputs, AttentionProblem problem, int chunk) {
    return new HeadGates(gate, gate.scores(inputs, problem, chunk));
  }

  /** 0 or 1, [B, H, 1 or n_q]. */
  public Tensor active() {
    return scores.active();
  }

  /** How near a head was to the other side of its threshold; infinite if the choice was given. */
  public double margin() {
    return scores.margin();
  }

  /** Whether a row of a head takes part in the attention. */
  public boolean attends(int b, int h, int i) {
    return !gate.skips() || KeepMask.broadcast(active(), b, h, i) != 0;
  }

  /** The output of an attention, [B, H, n_q, d_v], times the gates. */
  public Var times(Var heads) {
    return times(heads, gate.mode(), scores);
  }

  static Var times(Var heads, HeadGate.Mode mode, HeadScores scores) {
    Tensor active = scores.active();
    Shape rows = active.shape();
    Shape factor = Shape.of(rows.extent(0), rows.extent(1), rows.extent(2), 1);
    return switch (mode) {
      case LITERAL_HARD -> heads;
      case SOFT_MULT -> Ops.mul(heads, Ops.reshape(Ops.select(scores.score(), active), factor));
      case STE -> {
        Var hard = Ops.constant(heads.tape(), active);
        yield Ops.mul(heads, Ops.reshape(Ops.straightThrough(hard, scores.score()), factor));
      }
      case SOFT_TRAIN -> Ops.mul(heads, Ops.reshape(scores.score(), factor));
    };
  }

  /**
   * A softmax that leaves out the inactive heads, where the mode does.
   *
   * @param watcher is told every answer
   */
  public Softmax skipping(Softmax softmax, Consumer<Answer> watcher) {
    return (problem, operands, pairs) -> {
      AttentionProblem restricted = gate.skips() ? masked(problem) : problem;
      Answer answer = softmax.attend(restricted, operands, pairs);
      watcher.accept(answer);
      return answer;
    };
  }

  private AttentionProblem masked(AttentionProblem problem) {
    Shape pairs = Shape.of(problem.batches(), problem.heads(), problem.queries(), problem.keys());
    return problem
        .with(problem.q(), problem.k(), problem.v(), problem.bias())
        .mask(KeepMask.restrict(problem.mask(), pairs, (b, h, i, j) -> attends(b, h, i)))
        .build();
  }
}
