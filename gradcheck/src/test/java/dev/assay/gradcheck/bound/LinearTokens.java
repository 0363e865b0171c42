package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/**
 * Recurrences of a {@link LinearKernel}, batch entries without lengths: token by token, or forward
 * in chunks, where every token goes back to the state that its chunk began with and adds what the
 * tokens of the chunk wrote, found by substitution.
 */
final class LinearTokens {
  private final LinearKernel kernel;
  private final AttentionProblem problem;
  private final double @Nullable [] decay;
  private final double @Nullable [] beta;
  private final double[] q;
  private final double[] k;
  private final double[] v;
  private final int depth;
  private final int channels;
  private final int group;

  LinearTokens(LinearKernel kernel, AttentionProblem problem, RecurrentPlan plan) {
    this.kernel = kernel;
    this.problem = problem;
    this.decay = plan.decay() == null ? null : plan.decay().toDoubles();
    this.beta = plan.beta() == null ? null : plan.beta().toDoubles();
    this.q = problem.q().toDoubles();
    this.k = problem.k().toDoubles();
    this.v = kernel.values(problem);
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
    this.group = problem.heads() / problem.kvHeads();
  }

  private double decay(int row, int r) {
    return decay == null ? 1 : decay[row * depth + r];
  }

  private double key(int row, int r) {
    return k[row * depth + r];
  }

  private double stepped(int row, int r) {
    return kernel.sums((beta == null ? 1 : beta[row]) * key(row, r));
  }

  private int queryRow(int head, int h, int t) {
    return (head * group + h) * problem.queries() + t;
  }

  /** The states before each token and behind the last; u of every token goes to an array. */
  private double[][] states(int head, double[] written) {
    int tokens = problem.queries();
    double[][] states = new double[tokens + 1][depth * channels];
    for (int t = 0; t < tokens; t++) {
      int row = head * tokens + t;
      int first = kernel.chunk() == 0 ? t : t / kernel.chunk() * kernel.chunk();
      double[] decayed = from(states[first], head, first, t, written);
      for (int c = 0; c < channels; c++) {
        int column = c;
        double along =
            beta == null
                ? 0
                : kernel.sum(
                    depth, r -> key(row, r) * kernel.stored(decayed[r * channels + column]));
        written[row * channels + c] = kernel.stored(kernel.sums(v[row * channels + c] - along));
      }
      for (int p = 0; p < decayed.length; p++) {
        double product =
            kernel.sums(stepped(row, p / channels) * written[row * channels + p % channels]);
        states[t + 1][p] = kernel.sums(decayed[p] + product);
      }
    }
    return states;
  }

  /** The state before token t writes, decayed, from that before an earlier one. */
  private double[] from(double[] state, int head, int first, int t, double[] written) {
    double[] sums = new double[state.length];
    int tokens = problem.queries();
    for (int p = 0; p < sums.length; p++) {
      int r = p / channels;
      int c = p % channels;
      double[] terms = new double[t - first + 1];
      double cumulated = 1;
      for (int s = t; s >= first; s--) {
        cumulated = kernel.sums(cumulated * decay(head * tokens + s, r));
        int before = head * tokens + s - 1;
        double term =
            s == first
                ? state[p]
                : kernel.sums(stepped(before, r) * written[before * channels + c]);
        terms[s - first] = kernel.sums(cumulated * term);
      }
      sums[p] = kernel.flash().sum(terms, 0, terms.length);
    }
    return sums;
  }

  Forward forward() {
    double[] out = new double[problem.outShape().size()];
    double scale = kernel.sums(problem.scale());
    for (int head = 0; head < problem.batches() * problem.kvHeads(); head++) {
      double[][] states = states(head, new double[v.length]);
      for (int t = 0; t < problem.queries(); t++) {
        double[] state = states[t + 1];
        for (int h = 0; h < group; h++) {
          int row = queryRow(head, h, t);
          for (int c = 0; c < channels; c++) {
            int column = c;
            double sum =
                kernel.sum(
                    depth, r -> q[row * depth + r] * kernel.stored(state[r * channels + column]));
            out[row * channels + c] = kernel.sums(scale * sum);
          }
        }
      }
    }
    return new Forward(kernel.tensor(Tensor.zeros(problem.outShape()), out), null);
  }

  /** The gradients, token by token. */
  Gradients backward(Tensor dOut) {
    LinearTokensBack back =
        new LinearTokensBack(
            kernel, problem, decay, beta, q, k, dOut.toDoubles(), new double[v.length]);
    for (int head = 0; head < problem.batches() * problem.kvHeads(); head++) {
      back.walk(head, states(head, back.written()));
    }
    return back.gradients();
  }
}
