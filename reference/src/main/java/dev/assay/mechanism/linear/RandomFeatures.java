package dev.assay.mechanism.linear;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.linear.Performer.Constants;
import dev.assay.mechanism.linear.Performer.Kernel;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * The features phi of a {@link Performer}: projections {@code w_t . x} and a function of them.
 *
 * <p>For the softmax kernel, {@code phi_t(x) = (exp(w_t . x' - |x'|^2 / 2 - s) + eps) / sqrt(m)}
 * with {@code x' = x / d^(1/4)}; the stabiliser s keeps the exponentials in range.
 */
final class RandomFeatures {
  /** What LUCIDRAINS adds to the sums of the keys' features, if causal. */
  static final double KEY_GUARD = 1e-6;

  private static final double RELU_FLOOR = 1e-3;

  private final Performer performer;
  private final AttentionProblem problem;
  private final Tensor projection;

  /**
   * Features of one attention.
   *
   * @param problem its lengths
   * @param projection [m, d]
   */
  RandomFeatures(Performer performer, AttentionProblem problem, Tensor projection) {
    this.performer = performer;
    this.problem = problem;
    this.projection = projection;
  }

  /** Features [B, H, n_q, m] of queries. */
  Var ofQueries(Var q) {
    if (performer.kernel() == Kernel.RELU) {
      return relu(q);
    }
    Var exponent = exponent(q);
    Var largest = Composed.max(exponent);
    return exponentials(exponent, cancels() ? constant(largest) : stabiliser(largest));
  }

  /** Features [B, H_kv, n_k, m] of keys. */
  Var ofKeys(Var k) {
    if (performer.kernel() == Kernel.RELU) {
      return relu(k);
    }
    Var exponent = exponent(k);
    if (cancels() && !problem.causal()) {
      return exponentials(exponent, constant(largestOfKeys(exponent)));
    }
    if (cancels()) {
      // The largest of keys that come later would be a look at the future.
      Tensor bound = Tensor.full(exponent.shape().with(-1, 1), largestHalfSquare());
      return exponentials(exponent, Ops.constant(k.tape(), bound));
    }
    return exponentials(exponent, stabiliser(largestOfKeys(exponent)));
  }

  private boolean cancels() {
    return performer.constants() == Constants.PRECISE;
  }

  private Var relu(Var x) {
    boolean peer = performer.constants() == Constants.LUCIDRAINS;
    Var projected = projected(peer ? scaled(x) : x);
    double factor = peer ? 1 : 1 / Math.sqrt(features());
    return Ops.shift(Ops.scale(Composed.relu(projected), factor), RELU_FLOOR);
  }

  private int features() {
    return projection.shape().extent(0);
  }

  private static Var scaled(Var x) {
    return Ops.scale(x, 1 / Math.sqrt(Math.sqrt(x.shape().extent(-1))));
  }

  private Var projected(Var x) {
    Tape tape = x.tape();
    int depth = x.shape().extent(-1);
    Var rows = Ops.reshape(x, Shape.of(x.shape().size() / depth, depth));
    Var w = Ops.transpose(Ops.constant(tape, projection));
    return Ops.reshape(Ops.matMul(rows, w), FeatureAttention.features(x, features()));
  }

  /** {@code w_t . x' - |x'|^2 / 2}: at most |w_t|^2 / 2, whatever x is. */
  private Var exponent(Var x) {
    Var small = scaled(x);
    return Ops.sub(projected(small), Ops.scale(Ops.sum(Ops.mul(small, small), -1), 0.5));
  }

  private Var exponentials(Var exponent, Var stabiliser) {
    double eps =
        switch (performer.constants()) {
          case PRECISE -> 0;
          case GOOGLE -> 1e-6;
          case LUCIDRAINS -> 1e-4;
        };
    Var positive = Ops.exp(Ops.sub(exponent, stabiliser));
    Var floored = eps == 0 ? positive : Ops.shift(positive, eps);
    return Ops.scale(floored, 1 / Math.sqrt(features()));
  }

  private Var stabiliser(Var largest) {
    return performer.constants() == Constants.LUCIDRAINS ? Ops.detach(largest) : largest;
  }

  private static Var constant(Var x) {
    return Ops.constant(x.tape(), x.value());
  }

  /** The largest |w_t|^2 / 2. */
  private double largestHalfSquare() {
    double largest = 0;
    int depth = projection.shape().extent(1);
    for (int t = 0; t < features(); t++) {
      double squares = 0;
      for (int c = 0; c < depth; c++) {
        squares += projection.at(t, c) * projection.at(t, c);
      }
      largest = Math.max(largest, squares / 2);
    }
    return largest;
  }

  /**
   * The largest of all features of all keys of a head, [B, H_kv, 1, 1]; those behind a length are
   * none.
   */
  private Var largestOfKeys(Var exponent) {
    Shape shape = exponent.shape();
    if (shape.size() == 0) {
      return Ops.constant(exponent.tape(), Tensor.zeros(shape.with(2, 1).with(3, 1)));
    }
    Tensor behind =
        Tensor.generate(
            shape,
            p -> {
              int[] x = shape.index(p);
              return x[2] < problem.keyLength(x[0]) ? 0 : Double.NEGATIVE_INFINITY;
            });
    Shape flat = Shape.of(shape.extent(0), shape.extent(1), shape.extent(2) * shape.extent(3));
    Var reachable = Ops.add(exponent, Ops.constant(exponent.tape(), behind));
    Var largest = Composed.max(Ops.reshape(reachable, flat));
    return Ops.reshape(largest, Shape.of(shape.extent(0), shape.extent(1), 1, 1));
  }
}
