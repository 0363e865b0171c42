package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Gradients;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import org.jspecify.annotations.Nullable;

/** Token by token backward through a recurrence of a {@link LinearKernel}. */
final class LinearTokensBack {
  private final LinearKernel kernel;
  private final AttentionProblem problem;
  private final double @Nullable [] decay;
  private final double @Nullable [] beta;
  private final double[] q;
  private final double[] k;
  private final double[] dOut;
  private final double[] written;
  private final double[] dq;
  private final double[] dk;
  private final double[] dv;
  private final double[] dDecay;
  private final double[] dBeta;
  private final int depth;
  private final int channels;

  LinearTokensBack(
      LinearKernel kernel,
      AttentionProblem problem,
      double @Nullable [] decay,
      double @Nullable [] beta,
      double[] q,
      double[] k,
      double[] dOut,
      double[] written) {
    this.kernel = kernel;
    this.problem = problem;
    this.decay = decay;
    this.beta = beta;
    this.q = q;
    this.k = k;
    this.dOut = dOut;
    this.written = written;
    this.dq = new double[q.length];
    this.dk = new double[k.length];
    this.dv = new double[written.length];
    this.dDecay = new double[decay == null ? 0 : decay.length];
    this.dBeta = new double[beta == null ? 0 : beta.length];
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
  }

  double[] written() {
    return written;
  }

  void walk(int head, double[][] states) {
    int tokens = problem.queries();
    int group = problem.heads() / problem.kvHeads();
    double[] z = new double[depth * channels];
    for (int t = tokens - 1; t >= 0; t--) {
      for (int h = 0; h < group; h++) {
        read(states[t + 1], z, (head * group + h) * tokens + t);
      }
      write(states[t], z, head * tokens + t);
    }
  }

  private double add(double to, double product) {
    return kernel.sums(to + kernel.sums(product));
  }

  private void read(double[] state, double[] z, int row) {
    double scale = kernel.sums(problem.scale());
    for (int r = 0; r < depth; r++) {
      int from = r * channels;
      double sum =
          kernel.sum(channels, c -> kernel.stored(state[from + c]) * dOut[row * channels + c]);
      dq[row * depth + r] = kernel.sums(scale * sum);
      double query = kernel.sums(scale * q[row * depth + r]);
      for (int c = 0; c < channels; c++) {
        z[from + c] = add(z[from + c], query * dOut[row * channels + c]);
      }
    }
  }

  private void write(double[] before, double[] z, int row) {
    double step = beta == null ? 1 : beta[row];
    double[] along = new double[depth];
    double[] du = new double[channels];
    for (int r = 0; r < depth; r++) {
      int from = r * channels;
      along[r] = kernel.sum(channels, c -> z[from + c] * written[row * channels + c]);
      dk[row * depth + r] = kernel.sums(step * along[r]);
    }
    for (int c = 0; c < channels; c++) {
      int column = c;
      double sum = kernel.sum(depth, r -> k[row * depth + r] * z[r * channels + column]);
      du[c] = kernel.stored(kernel.sums(step * sum));
      dv[row * channels + c] = du[c];
    }
    for (int r = 0; r < depth && beta != null; r++) {
      int from = r * channels;
      double factor = decay == null ? 1 : decay[row * depth + r];
      double sum = kernel.sum(channels, c -> kernel.sums(factor * before[from + c]) * du[c]);
      dk[row * depth + r] = kernel.sums(dk[row * depth + r] - sum);
      for (int c = 0; c < channels; c++) {
        z[from + c] = add(z[from + c], -k[row * depth + r] * du[c]);
      }
    }
    if (beta != null) {
      dBeta[row] = kernel.sum(depth, r -> k[row * depth + r] * along[r]);
    }
    for (int r = 0; r < depth && decay != null; r++) {
      int from = r * channels;
      dDecay[row * depth + r] = kernel.sum(channels, c -> z[from + c] * before[from + c]);
      for (int c = 0; c < channels; c++) {
        z[from + c] = kernel.sums(z[from + c] * decay[row * depth + r]);
      }
    }
  }

  Gradients gradients() {
    Shape steps = Shape.of(problem.batches(), problem.kvHeads(), problem.queries());
    Tensor decays =
        Tensor.zeros(Shape.of(steps.extent(0), steps.extent(1), steps.extent(2), depth));
    return Gradients.of(
            kernel.tensor(problem.q(), dq),
            kernel.tensor(problem.k(), dk),
            kernel.tensor(problem.v(), dv))
        .and("d_decay", decay == null ? null : kernel.tensor(decays, dDecay))
        .and("d_beta", beta == null ? null : kernel.tensor(Tensor.zeros(steps), dBeta));
  }
}
