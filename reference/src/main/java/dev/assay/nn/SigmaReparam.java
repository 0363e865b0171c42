package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Objects;
import org.ejml.data.DMatrixRMaj;
import org.ejml.dense.row.factory.DecompositionFactory_DDRM;
import org.jspecify.annotations.Nullable;

/**
 * A linear layer whose weight has a spectral norm of its own: {@code y = (gamma / sigma(W)) W x +
 * b}, with sigma the largest singular value of W and gamma a trained scalar. It keeps the entropy
 * of attention from collapsing. Source: Zhai et al., "Stabilizing Transformer training by
 * preventing attention entropy collapse" (2023).
 *
 * <p>sigma is estimated by one step of power iteration from a stored vector: {@code v = W u / |W
 * u|, u' = W^T v / |W^T v|, sigma = v . W u'}. u' and v are constants for the gradient, so that
 * with G the gradient of the scaled weight, {@code dgamma = <G, W> / sigma, dW = (gamma / sigma) (G
 * - (<G, W> / sigma) v u'^T)}. In training u' is kept for the next step; in evaluation it is not,
 * which makes evaluation repeatable. Cost: two products of a matrix and a vector a step.
 *
 * @param weight W [out, in]; a convolution's [out, in, h, w] is read as [out, in h w]
 * @param gamma [1]
 * @param bias [out], not scaled, or null
 * @param u the stored vector, [in]
 */
public record SigmaReparam(Var weight, Var gamma, @Nullable Var bias, Tensor u) {
  /** No norm is divided by that is smaller. */
  private static final double SMALLEST = 1e-12;

  /** Where gamma starts. */
  public enum Start {
    /** At the spectral norm of the first weight, so that the layer starts as an ordinary one. */
    SIGMA,
    /** At 1. */
    ONE
  }

  /**
   * One step of the power iteration.
   *
   * @param sigma the estimate, a scalar [1] with a gradient into the weight
   * @param left v, [out]
   * @param right u', [in]: what training stores
   */
  public record Estimate(Var sigma, Tensor left, Tensor right) {}

  /** Checks the shapes. */
  public SigmaReparam {
    Require.argument(
        gamma.shape().size() == 1 && u.size() == rowLength(weight.shape()),
        "gamma has shape %s and u %s: [1] and [%d] are needed",
        gamma.shape(),
        u.shape(),
        rowLength(weight.shape()));
  }

  private static int rowLength(Shape weight) {
    return weight.size() / Math.max(1, weight.extent(0));
  }

  /** A new gamma for a weight. */
  public static double gamma(Tensor weight, Start start) {
    return start == Start.ONE ? 1 : largest(weight).value();
  }

  /** The top right singular vector of a weight, from a full decomposition: the first u. */
  public static Tensor firstVector(Tensor weight) {
    return largest(weight).right();
  }

  private record Singular(double value, Tensor right) {}

  private static Singular largest(Tensor weight) {
    int rows = weight.shape().extent(0);
    int columns = rowLength(weight.shape());
    var svd = DecompositionFactory_DDRM.svd(rows, columns, false, true, true);
    Require.state(
        svd.decompose(new DMatrixRMaj(rows, columns, true, weight.toDoubles())),
        "the singular value decomposition did not converge");
    double[] values = svd.getSingularValues();
    int best = 0;
    for (int s = 1; s < Math.min(rows, columns); s++) {
      best = values[s] > values[best] ? s : best;
    }
    DMatrixRMaj vectors = Objects.requireNonNull(svd.getV(null, true));
    int row = best;
    return new Singular(values[best], Tensor.generate(Shape.of(columns), c -> vectors.get(row, c)));
  }

  /** One step from the stored vector, which it leaves as it is. */
  public Estimate estimate() {
    Tensor w = weight.value();
    int rows = w.shape().extent(0);
    int columns = rowLength(w.shape());
    double[] v = new double[rows];
    for (int p = 0; p < w.size(); p++) {
      v[p / columns] += w.get(p) * u.get(p % columns);
    }
    normalise(v);
    double[] next = new double[columns];
    for (int p = 0; p < w.size(); p++) {
      next[p % columns] += w.get(p) * v[p / columns];
    }
    normalise(next);
    Tensor left = Tensor.adopt(Shape.of(rows), v);
    Tensor right = Tensor.adopt(Shape.of(columns), next);
    Var matrix = Ops.reshape(weight, Shape.of(rows, columns));
    Var row = Ops.detach(Ops.constant(weight.tape(), left.reshape(1, rows)));
    Var column = Ops.detach(Ops.constant(weight.tape(), right.reshape(columns, 1)));
    Var sigma = Ops.matMul(row, Ops.matMul(matrix, column));
    return new Estimate(Ops.reshape(sigma, Shape.of(1)), left, right);
  }

  private static void normalise(double[] x) {
    double square = 0;
    for (double element : x) {
      square += element * element;
    }
    double norm = Math.max(Math.sqrt(square), SMALLEST);
    for (int c = 0; c < x.length; c++) {
      x[c] /= norm;
    }
  }

  /** {@code (gamma / sigma) W}; a weight of zeros stays one. */
  public Var scaled(Estimate estimate) {
    Var sigma = estimate.sigma();
    boolean usable = Math.abs(sigma.value().get(0)) >= SMALLEST;
    Var divisor = usable ? sigma : Ops.constant(sigma.tape(), Tensor.of(Shape.of(1), SMALLEST));
    return Ops.mul(weight, Ops.div(Ops.reshape(gamma, Shape.of(1)), divisor));
  }

  /**
   * Applies the layer to the innermost axis.
   *
   * @param x [..., in]
   * @param estimate of this step
   */
  public Var of(Var x, Estimate estimate) {
    return new Linear(scaled(estimate), bias).of(x);
  }

  /** The layer of the next training step: the same values with the vector of this one. */
  public SigmaReparam after(Estimate estimate) {
    return new SigmaReparam(weight, gamma, bias, estimate.right());
  }
}
