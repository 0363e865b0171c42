package dev.assay.train;

import dev.assay.autograd.Node;
import dev.assay.engine.AttentionRows;
import dev.assay.nn.Attended;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;

/**
 * What training can be watched by: the entropy of attention weights, which collapses before a run
 * diverges, and the spectral norms of weights, which bound it from below: Zhai et al., "Stabilizing
 * Transformer training by preventing attention entropy collapse" (2023).
 */
public final class Telemetry {
  private Telemetry() {}

  /**
   * {@code mean over queries of -sum_j p_ij log p_ij} for each head, over all softmaxes that the
   * layer recorded; rows without keys do not count.
   *
   * @return one number for each head, in nats; NaN for a head without rows
   */
  public static double[] entropy(Attended run) {
    List<Node> softmaxes = Auxiliary.softmaxes(run);
    int heads = softmaxes.getFirst().outputs().getFirst().shape().extent(1);
    double[] sums = new double[heads];
    int[] rows = new int[heads];
    for (Node softmax : softmaxes) {
      add(softmax.outputs().getFirst().value(), sums, rows);
    }
    for (int h = 0; h < heads; h++) {
      sums[h] /= rows[h];
    }
    return sums;
  }

  private static void add(Tensor weights, double[] sums, int[] rows) {
    Shape shape = weights.shape();
    int width = shape.extent(3);
    for (int row = 0; row < weights.size() / Math.max(1, width); row++) {
      int head = row / shape.extent(2) % shape.extent(1);
      double entropy = 0;
      boolean any = false;
      for (int j = 0; j < width; j++) {
        double p = weights.get(row * width + j);
        any |= p > 0;
        entropy -= p > 0 ? p * StrictMath.log(p) : 0;
      }
      if (any && head < sums.length) {
        sums[head] += entropy;
        rows[head]++;
      }
    }
  }

  /**
   * The same from what a mechanism looked at, whoever worked it out.
   *
   * @return one number for each head, in nats; NaN for a head without rows
   */
  public static double[] entropy(List<AttentionRows> softmaxes) {
    int heads = softmaxes.getFirst().heads();
    double[] sums = new double[heads];
    int[] rows = new int[heads];
    for (AttentionRows softmax : softmaxes) {
      for (int row = 0; row < softmax.batches() * heads * softmax.queries(); row++) {
        int head = row / softmax.queries() % heads;
        int batch = row / softmax.queries() / heads;
        double[] weights = softmax.row(batch, head, row % softmax.queries()).weights();
        sums[head] += entropy(weights);
        rows[head] += weights.length > 0 ? 1 : 0;
      }
    }
    for (int h = 0; h < heads; h++) {
      sums[h] /= rows[h];
    }
    return sums;
  }

  private static double entropy(double... weights) {
    double entropy = 0;
    for (double p : weights) {
      entropy -= p > 0 ? p * StrictMath.log(p) : 0;
    }
    return entropy;
  }

  /** The largest singular value of a matrix. */
  public static double spectralNorm(Tensor matrix) {
    Shape shape = matrix.shape();
    DMatrixRMaj values = new DMatrixRMaj(shape.extent(0), shape.extent(1));
    for (int p = 0; p < matrix.size(); p++) {
      values.data[p] = matrix.get(p);
    }
    var svd = DecompositionFactory_DDRM.svd(shape.extent(0), shape.extent(1), false, false, true);
    if (!svd.decompose(values)) {
      throw new IllegalStateException("the singular values of " + matrix + " were not found");
    }
    double largest = 0;
    for (int s = 0; s < svd.numberOfSingularValues(); s++) {
      largest = Math.max(largest, svd.getSingularValues()[s]);
    }
    return largest;
  }

  /**
   * The spectral norm of each head's rows of a projection.
   *
   * @param weight [H d, in]
   */
  public static double[] spectralNorms(Tensor weight, int heads) {
    int size = weight.size() / heads;
    double[] norms = new double[heads];
    for (int h = 0; h < heads; h++) {
      int from = h * size;
      Shape shape = weight.shape().with(0, weight.shape().extent(0) / heads);
      norms[h] = spectralNorm(Tensor.generate(shape, p -> weight.get(from + p)));
    }
    return norms;
  }
}
