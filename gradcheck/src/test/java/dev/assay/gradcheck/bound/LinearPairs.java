package dev.assay.gradcheck.bound;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.plan.Gradients;
import dev.assay.tensor.Tensor;

/** Attention through features of a {@link LinearKernel}: pairs, or states of whole chunks. */
final class LinearPairs {
  private final LinearKernel kernel;
  private final AttentionProblem problem;
  private final double guard;
  private final MetKeys met;
  private final double[] q;
  private final double[] k;
  private final double[] v;
  private final int depth;
  private final int channels;

  LinearPairs(LinearKernel kernel, AttentionProblem problem, FeaturePlan plan) {
    this.kernel = kernel;
    this.problem = problem;
    this.guard = kernel.sums(plan.guard());
    this.met = new MetKeys(problem, plan);
    this.q = problem.q().toDoubles();
    this.k = problem.k().toDoubles();
    this.v = kernel.values(problem);
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
  }

  /** Keys of the row that come through a state. */
  private int whole() {
    return kernel.chunk() == 0 ? 0 : met.size() / kernel.chunk() * kernel.chunk();
  }

  private double value(int keyRow, int c) {
    return c == channels ? 1 : v[keyRow * channels + c];
  }

  private double weight(int queryRow, int keyRow) {
    return kernel.sum(depth, r -> q[queryRow * depth + r] * k[keyRow * depth + r]);
  }

  private int keyRow(int[] at, int t) {
    return problem.keyRow(at[0], problem.kvHead(at[1]), met.key(t));
  }

  /** sum_j w_j [v, 1]_jc. */
  private double weighted(int[] at, int row, int c) {
    int whole = whole();
    double far =
        kernel.sum(
            whole == 0 ? 0 : depth,
            r -> {
              double state =
                  kernel.sum(whole, t -> k[keyRow(at, t) * depth + r] * value(keyRow(at, t), c));
              return q[row * depth + r] * kernel.stored(state);
            });
    double near =
        kernel.sum(
            met.size() - whole,
            t -> {
              int key = keyRow(at, whole + t);
              return kernel.stored(weight(row, key)) * value(key, c);
            });
    return kernel.sums(far + near);
  }

  Forward forward() {
    double[] out = new double[problem.outShape().size()];
    for (int row = 0; row < problem.lseShape().size(); row++) {
      int[] at = problem.lseShape().index(row);
      met.of(at[0], at[1], at[2]);
      double sum = met.size() == 0 ? 0 : kernel.sums(weighted(at, row, channels) + guard);
      for (int c = 0; c < channels && sum != 0; c++) {
        out[row * channels + c] = kernel.sums(weighted(at, row, c) / sum);
      }
    }
    return new Forward(kernel.tensor(Tensor.zeros(problem.outShape()), out), null);
  }

  Gradients backward(Tensor out, Tensor dOut) {
    double[] dq = new double[q.length];
    double[] dk = new double[k.length];
    double[] dv = new double[v.length];
    double[] g = new double[channels + 1];
    for (int row = 0; row < problem.lseShape().size(); row++) {
      int[] at = problem.lseShape().index(row);
      int from = row;
      met.of(at[0], at[1], at[2]);
      double sum = met.size() == 0 ? 0 : kernel.sums(weighted(at, row, channels) + guard);
      if (sum == 0) {
        continue;
      }
      double delta =
          kernel.sum(channels, c -> dOut.get(from * channels + c) * out.get(from * channels + c));
      for (int c = 0; c < channels; c++) {
        g[c] = kernel.stored(kernel.sums(dOut.get(row * channels + c) / sum));
      }
      g[channels] = -kernel.sums(delta / sum);
      for (int t = 0; t < met.size(); t++) {
        pair(row, keyRow(at, t), g, dq, dk, dv);
      }
    }
    return Gradients.of(
        kernel.tensor(problem.q(), dq),
        kernel.tensor(problem.k(), dk),
        kernel.tensor(problem.v(), dv));
  }

  /** One pair; in chunks it goes through products that a state would hold. */
  private void pair(int row, int key, double[] g, double[] dq, double[] dk, double[] dv) {
    boolean state = kernel.chunk() > 0;
    double dWeight = kernel.stored(kernel.sum(channels + 1, c -> g[c] * value(key, c)));
    double weight = kernel.stored(weight(row, key));
    for (int r = 0; r < depth; r++) {
      double query = q[row * depth + r];
      double keyed = k[key * depth + r];
      double toQuery =
          state
              ? kernel.sum(channels + 1, c -> g[c] * kernel.stored(keyed * value(key, c)))
              : dWeight * keyed;
      double toKey =
          state
              ? kernel.sum(channels + 1, c -> kernel.stored(query * g[c]) * value(key, c))
              : dWeight * query;
      dq[row * depth + r] = kernel.sums(dq[row * depth + r] + kernel.sums(toQuery));
      dk[key * depth + r] = kernel.sums(dk[key * depth + r] + kernel.sums(toKey));
    }
    for (int c = 0; c < channels; c++) {
      int at = key * channels + c;
      dv[at] = kernel.sums(dv[at] + kernel.sums(weight * g[c]));
    }
  }
}
