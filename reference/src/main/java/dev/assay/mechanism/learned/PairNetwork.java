package dev.assay.mechanism.learned;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Phi as a network of two layers on the features of each pair by itself: {@code w2 gelu(W1 f + b1)
 * + b2}, with {@code gelu(x) = x (1 + tanh(sqrt(2 / pi) (x + 0.044715 x^3))) / 2}. Source of the
 * GELU: Hendrycks and Gimpel, "Gaussian error linear units" (2016), in its form by tanh.
 */
final class PairNetwork {
  private static final double ROOT = Math.sqrt(2 / Math.PI);
  private static final double CUBE = 0.044715;

  private final Var w1;
  private final Var b1;
  private final Var w2;
  private final Var b2;

  PairNetwork(Inputs inputs) {
    for (String name : new String[] {"phi_w1", "phi_b1", "phi_w2", "phi_b2"}) {
      Require.argument(inputs.has(name), "phi MLP needs the tensor %s", name);
    }
    w1 = inputs.var("phi_w1");
    b1 = inputs.var("phi_b1");
    w2 = inputs.var("phi_w2");
    b2 = inputs.var("phi_b2");
    int hidden = b1.shape().size();
    Require.argument(
        w1.shape().equals(Shape.of(hidden, PairFeatures.COUNT))
            && w2.shape().equals(Shape.of(1, hidden))
            && b1.shape().rank() == 1
            && b2.shape().equals(Shape.of(1)),
        "phi_w1, phi_b1, phi_w2 and phi_b2 have shapes %s, %s, %s and %s:"
            + " [hidden, 6], [hidden], [1, hidden] and [1] are needed",
        w1.shape(),
        b1.shape(),
        w2.shape(),
        b2.shape());
  }

  /** Phi where {@code places} is 1, 0 elsewhere; nothing else is evaluated. */
  Var of(PairFeatures features, Tensor places) {
    int[] some = IntStream.range(0, places.size()).filter(p -> places.get(p) != 0).toArray();
    Var[] columns =
        features.all().stream()
            .map(f -> Ops.gather(Ops.reshape(f, Shape.of(places.size())), 0, some))
            .map(f -> Ops.reshape(f, Shape.of(some.length, 1)))
            .toArray(Var[]::new);
    Var hidden = gelu(Ops.add(Ops.matMul(Ops.concat(1, columns), Ops.transpose(w1)), b1));
    Var found = Ops.add(Ops.matMul(hidden, Ops.transpose(w2)), b2);
    Var flat = Ops.reshape(found, Shape.of(some.length));
    return Ops.reshape(Ops.scatterAdd(flat, 0, some, places.size()), places.shape());
  }

  private static Var gelu(Var x) {
    Var cubed = Ops.scale(Ops.mul(x, Ops.mul(x, x)), CUBE);
    Var tanh = Ops.tanh(Ops.scale(Ops.add(x, cubed), ROOT));
    return Ops.scale(Ops.mul(x, Ops.shift(tanh, 1)), 0.5);
  }
}
