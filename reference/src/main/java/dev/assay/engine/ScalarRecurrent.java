package dev.assay.engine;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Ragged;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * A linear recurrence, token by token, over a state S of d rows and d_v columns for each key head:
 * decay its rows, then add k u^T with {@code u = v} or, for the delta rules, {@code u = beta (v -
 * S^T k)}; then {@code out = scale S^T q} for every query head of the group.
 */
final class ScalarRecurrent {
  private final AttentionProblem problem;
  private final RecurrentPlan plan;
  final int depth;
  final int channels;

  ScalarRecurrent(AttentionProblem problem, RecurrentPlan plan) {
    this.problem = problem;
    this.plan = plan;
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
  }

  Forward forward() {
    double[] out = new double[problem.outShape().size()];
    for (int b = 0; b < problem.batches(); b++) {
      for (int g = 0; g < problem.kvHeads(); g++) {
        for (int sequence = first(problem, b); sequence < last(problem, b); sequence++) {
          double[] state = new double[depth * channels];
          int length = problem.keyLength(sequence);
          for (int t = 0; t < length; t++) {
            Token token = new Token(problem, b, g, t, sequence);
            decay(state, token);
            write(state, token, residual(state, token));
            for (int h = token.firstHead(); h < token.lastHead(); h++) {
              read(state, token.queryRow(h), out);
            }
          }
        }
      }
    }
    return new Forward(Tensor.adopt(problem.outShape(), out), null);
  }

  /** The first sequence of a batch entry: itself, or all of them where they are packed. */
  static int first(AttentionProblem problem, int b) {
    return problem.ragged() == null ? b : 0;
  }

  /** One more than the last sequence of a batch entry. */
  static int last(AttentionProblem problem, int b) {
    Ragged ragged = problem.ragged();
    return ragged == null ? b + 1 : ragged.sequences();
  }

  /** {@code S = diag(a) S}. */
  void decay(double[] state, Token token) {
    Tensor decay = plan.decay();
    if (decay != null) {
      for (int r = 0; r < depth; r++) {
        double factor = decay.doubles()[token.stepRow() * depth + r];
        for (int c = 0; c < channels; c++) {
          state[r * channels + c] *= factor;
        }
      }
    }
  }

  /** v, or {@code v - S^T k} for the delta rules. */
  double[] residual(double[] state, Token token) {
    int valueAt = token.keyRow() * channels;
    double[] residual = Arrays.copyOfRange(problem.v().doubles(), valueAt, valueAt + channels);
    if (plan.beta() != null) {
      for (int r = 0; r < depth; r++) {
        double key = problem.k().doubles()[token.keyRow() * depth + r];
        Rows.addScaled(residual, 0, -key, state, r * channels, channels);
      }
    }
    return residual;
  }

  /** {@code S = S + beta k residual^T}. */
  void write(double[] state, Token token, double[] residual) {
    double step = step(token);
    for (int r = 0; r < depth; r++) {
      double key = problem.k().doubles()[token.keyRow() * depth + r];
      Rows.addScaled(state, r * channels, step * key, residual, 0, channels);
    }
  }

  /** beta of a token; 1 for the rules without one. */
  double step(Token token) {
    Tensor beta = plan.beta();
    return beta == null ? 1 : beta.doubles()[token.stepRow()];
  }

  private void read(double[] state, int queryRow, double[] out) {
    for (int r = 0; r < depth; r++) {
      double query = problem.scale() * problem.q().doubles()[queryRow * depth + r];
      Rows.addScaled(out, queryRow * channels, query, state, r * channels, channels);
    }
  }

  /** Where a token of a sequence lies in the tensors of its batch entry b and key head g. */
  record Token(int firstHead, int lastHead, int keyRow, int stepRow, int firstQueryRow, int rows) {
    Token(AttentionProblem problem, int b, int g, int t, int sequence) {
      this(problem, b, g, t + start(problem.ragged(), sequence));
    }

    private Token(AttentionProblem problem, int b, int g, int token) {
      this(
          g * (problem.heads() / problem.kvHeads()),
          (g + 1) * (problem.heads() / problem.kvHeads()),
          problem.keyRow(b, g, token),
          (b * problem.kvHeads() + g) * problem.queries() + token,
          problem.queryRow(b, 0, token),
          problem.queries());
    }

    private static int start(@Nullable Ragged ragged, int sequence) {
      return ragged == null ? 0 : ragged.cuKeys()[sequence];
    }

    int queryRow(int h) {
      return firstQueryRow + h * rows;
    }
  }
}
