package dev.assay.train;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Taught;
import dev.assay.nn.Attended;
import dev.assay.op.MaskedSoftmax;
import dev.assay.op.Ops;
import dev.assay.op.Sigmoid;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * A term of a loss that looks into the attention layers: what a mechanism recorded while it ran is
 * on the tape, so that a term of it has gradients like any other. The term of a model is the mean
 * over its layers.
 */
@FunctionalInterface
public interface Auxiliary {
  /**
   * The term of one layer, a scalar.
   *
   * @throws IllegalArgumentException if the layer recorded nothing that it could look at
   */
  Var term(Attended run);

  /** This term with a factor. */
  default Auxiliary weighted(double weight) {
    return run -> Ops.scale(term(run), weight);
  }

  /** What the mechanism is taught beside its output. */
  static Auxiliary lesson() {
    return run -> {
      Require.argument(
          run.mechanism() instanceof Taught,
          "%s in %s is taught by its output alone: it has no lesson",
          run.mechanism().id(),
          run.layer());
      return ((Taught) run.mechanism()).lesson(run.inputs());
    };
  }

  /** The mean of the gates: what makes a model use less. */
  static Auxiliary sparsity() {
    return run -> meanOfAll(gates(run));
  }

  /** {@code (mean of the gates - target)^2}: what makes a model use so much. */
  static Auxiliary budget(double target) {
    return run -> {
      Var gap = Ops.shift(meanOfAll(gates(run)), -target);
      return Ops.mul(gap, gap);
    };
  }

  /**
   * The mean over rows of {@code -sum_j p_ij log p_ij} of the attention weights; small when a row
   * looks at few keys.
   */
  static Auxiliary entropy() {
    return run -> {
      List<Node> softmaxes = softmaxes(run);
      Var sum = entropy(softmaxes.getFirst());
      for (Node softmax : softmaxes.subList(1, softmaxes.size())) {
        sum = Ops.add(sum, entropy(softmax));
      }
      return Ops.scale(sum, 1.0 / softmaxes.size());
    };
  }

  /** The outputs of the sigmoids that the layer recorded. */
  static List<Var> gates(Attended run) {
    List<Var> gates =
        run.nodes().stream()
            .filter(node -> node.op() instanceof Sigmoid)
            .map(node -> node.outputs().getFirst())
            .toList();
    Require.argument(
        !gates.isEmpty(),
        "%s in %s has no gates: a term of them has nothing to look at",
        run.mechanism().id(),
        run.layer());
    return gates;
  }

  /** The recorded softmaxes over [B, H, n_q, n_k]. */
  static List<Node> softmaxes(Attended run) {
    List<Node> found =
        run.nodes().stream()
            .filter(
                node ->
                    node.op() instanceof MaskedSoftmax
                        && node.outputs().getFirst().shape().rank() == 4)
            .toList();
    Require.argument(
        !found.isEmpty(),
        "%s in %s recorded no softmax: a term of attention weights needs ops, not an engine",
        run.mechanism().id(),
        run.layer());
    return found;
  }

  private static Var entropy(Node softmax) {
    Var p = softmax.outputs().getFirst();
    // Where the weight is 0 the summand is 0, and so is its gradient here.
    Tensor positive = Tensor.generate(p.shape(), at -> p.value().get(at) > 0 ? 1 : 0);
    Tensor rest = Tensor.generate(p.shape(), at -> 1 - positive.get(at));
    Var safe = Ops.add(Ops.select(p, positive), Ops.constant(p.tape(), rest));
    Var rows = Ops.mul(p, Ops.log(safe));
    int count = Math.max(1, p.shape().size() / Math.max(1, p.shape().extent(-1)));
    return Ops.scale(Ops.sumTo(rows, Shape.of()), -1.0 / count);
  }

  private static Var meanOfAll(List<Var> values) {
    Var sum = Loss.mean(values.getFirst());
    for (Var value : values.subList(1, values.size())) {
      sum = Ops.add(sum, Loss.mean(value));
    }
    return Ops.scale(sum, 1.0 / values.size());
  }
}
