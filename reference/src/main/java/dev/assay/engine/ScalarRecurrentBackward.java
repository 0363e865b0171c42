package dev.assay.engine;

import dev.assay.engine.ScalarRecurrent.Token;
import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Gradients;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Tensor;

/**
 * Gradients of a linear recurrence by running it forward, keeping every state, and then backward.
 * With {@code T = diag(a) S_before}, {@code u = v - T^T k} (or v), {@code S = T + beta k u^T} and Z
 * the cotangent of S:
 *
 * <pre>
 * dq = scale S dOut      Z += scale q dOut^T (all heads of the group)
 * dbeta = k . Z u        du = beta Z^T k        dk = beta Z u - T du (second term: delta rules)
 * dv = du                Z -= k du^T (delta rules)      da_r = sum_c Z_rc S_before,rc      Z = diag(a) Z
 * </pre>
 */
final class ScalarRecurrentBackward {
  private final AttentionProblem problem;
  private final RecurrentPlan plan;
  private final ScalarRecurrent run;
  private final double[] dOut;
  private final double[] dq;
  private final double[] dk;
  private final double[] dv;
  private final double[] dDecay;
  private final double[] dBeta;
  private final int depth;
  private final int channels;

  ScalarRecurrentBackward(AttentionProblem problem, RecurrentPlan plan, Tensor dOut) {
    this.problem = problem;
    this.plan = plan;
    this.run = new ScalarRecurrent(problem, plan);
    this.dOut = dOut.doubles();
    this.dq = new double[problem.q().size()];
    this.dk = new double[problem.k().size()];
    this.dv = new double[problem.v().size()];
    this.dDecay = new double[plan.decay() == null ? 0 : plan.decay().size()];
    this.dBeta = new double[plan.beta() == null ? 0 : plan.beta().size()];
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
  }

  Gradients backward() {
    for (int b = 0; b < problem.batches(); b++) {
      for (int g = 0; g < problem.kvHeads(); g++) {
        int last = ScalarRecurrent.last(problem, b);
        for (int sequence = ScalarRecurrent.first(problem, b); sequence < last; sequence++) {
          sequence(b, g, sequence);
        }
      }
    }
    Tensor decay = plan.decay();
    Tensor beta = plan.beta();
    return Gradients.of(
            Tensor.adopt(problem.q().shape(), dq),
            Tensor.adopt(problem.k().shape(), dk),
            Tensor.adopt(problem.v().shape(), dv))
        .and("d_decay", decay == null ? null : Tensor.adopt(decay.shape(), dDecay))
        .and("d_beta", beta == null ? null : Tensor.adopt(beta.shape(), dBeta));
  }

  private void sequence(int b, int g, int sequence) {
    int length = problem.keyLength(sequence);
    double[][] states = new double[length + 1][];
    states[0] = new double[depth * channels];
    for (int t = 0; t < length; t++) {
      Token token = new Token(problem, b, g, t, sequence);
      states[t + 1] = states[t].clone();
      run.decay(states[t + 1], token);
      run.write(states[t + 1], token, run.residual(states[t + 1], token));
    }
    double[] cotangent = new double[depth * channels];
    for (int t = length - 1; t >= 0; t--) {
      Token token = new Token(problem, b, g, t, sequence);
      backThroughRead(states[t + 1], cotangent, token);
      double[] decayed = states[t].clone();
      run.decay(decayed, token);
      backThroughWrite(decayed, cotangent, token);
      backThroughDecay(states[t], cotangent, token);
    }
  }

  private void backThroughRead(double[] state, double[] cotangent, Token token) {
    for (int h = token.firstHead(); h < token.lastHead(); h++) {
      int row = token.queryRow(h);
      for (int r = 0; r < depth; r++) {
        int at = r * channels;
        dq[row * depth + r] +=
            problem.scale() * Rows.dot(state, at, dOut, row * channels, channels);
        double query = problem.scale() * problem.q().doubles()[row * depth + r];
        Rows.addScaled(cotangent, at, query, dOut, row * channels, channels);
      }
    }
  }

  private void backThroughWrite(double[] decayed, double[] cotangent, Token token) {
    double[] residual = run.residual(decayed, token);
    double[] dResidual = new double[channels];
    double step = run.step(token);
    int keyAt = token.keyRow() * depth;
    double[] keys = problem.k().doubles();
    for (int r = 0; r < depth; r++) {
      double along = Rows.dot(cotangent, r * channels, residual, 0, channels);
      dk[keyAt + r] += step * along;
      if (plan.beta() != null) {
        dBeta[token.stepRow()] += keys[keyAt + r] * along;
      }
      Rows.addScaled(dResidual, 0, step * keys[keyAt + r], cotangent, r * channels, channels);
    }
    Rows.addScaled(dv, token.keyRow() * channels, 1, dResidual, 0, channels);
    if (plan.beta() != null) {
      for (int r = 0; r < depth; r++) {
        dk[keyAt + r] -= Rows.dot(decayed, r * channels, dResidual, 0, channels);
        Rows.addScaled(cotangent, r * channels, -keys[keyAt + r], dResidual, 0, channels);
      }
    }
  }

  private void backThroughDecay(double[] before, double[] cotangent, Token token) {
    Tensor decay = plan.decay();
    if (decay == null) {
      return;
    }
    for (int r = 0; r < depth; r++) {
      int at = token.stepRow() * depth + r;
      dDecay[at] += Rows.dot(cotangent, r * channels, before, r * channels, channels);
      for (int c = 0; c < channels; c++) {
        cotangent[r * channels + c] *= decay.doubles()[at];
      }
    }
  }
}
