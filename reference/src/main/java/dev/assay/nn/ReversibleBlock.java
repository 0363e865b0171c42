package dev.assay.nn;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.op.Gradient;
import dev.assay.op.Ops;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.SequencedMap;
import java.util.function.DoubleBinaryOperator;
import java.util.function.Function;

/**
 * Two streams whose layers can be undone: {@code y1 = x1 + f(x2)}, {@code y2 = x2 + g(y1)}, so that
 * {@code x2 = y2 - g(y1)}, {@code x1 = y1 - f(x2)}. The gradient needs the outputs alone: however
 * many blocks there are, the activations of one are held at a time.
 *
 * <p>Sources: Gomez et al., "The reversible residual network: backpropagation without storing
 * activations" (2017); Kitaev, Kaiser and Levskaya, "Reformer: the efficient transformer" (2020),
 * where f is the attention and g the feed-forward layer.
 *
 * <p>What is undone differs from what went in by rounding. A layer that chooses must therefore be
 * given its choices when it runs again, not a seed: near a tie it would choose otherwise.
 *
 * @param f layer of the second stream, at the place {@code f}
 * @param g layer of the first stream, at the place {@code g}
 */
public record ReversibleBlock(Layer f, Layer g) {
  /**
   * A layer that gives the same numbers each time it is run at the same place on the same input.
   */
  @FunctionalInterface
  public interface Layer {
    /** Its output, in the shape of x. */
    Var of(Scope scope, Var x);
  }

  /** Both streams on a tape. */
  public record Recorded(Var first, Var second) {}

  /** Both streams as numbers. */
  public record Streams(Tensor first, Tensor second) {}

  /**
   * What comes back through a block.
   *
   * @param x its inputs, undone
   * @param dx their gradients
   * @param gradients of the parameters, by name
   */
  public record Reversed(Streams x, Streams dx, SequencedMap<String, Tensor> gradients) {}

  /** The block on a tape. */
  public Recorded of(Scope scope, Var first, Var second) {
    Var y1 = Ops.add(first, f.of(scope.in("f"), second));
    Var y2 = Ops.add(second, g.of(scope.in("g"), y1));
    return new Recorded(y1, y2);
  }

  /**
   * The inputs that led to these outputs.
   *
   * @param place the place of this block on a tape, always with the same parameters and dropout
   */
  public Streams inverse(Function<Tape, Scope> place, Streams y) {
    Tensor second = combine(y.second(), value(g, "g", place, y.first()), (a, b) -> a - b);
    Tensor first = combine(y.first(), value(f, "f", place, second), (a, b) -> a - b);
    return new Streams(first, second);
  }

  private static Tensor value(Layer layer, String name, Function<Tape, Scope> place, Tensor x) {
    Tape tape = new Tape();
    return layer.of(place.apply(tape).in(name), tape.leaf("x", x)).value();
  }

  /**
   * Inputs, their gradients and those of the parameters, from outputs and their cotangents.
   *
   * <pre>
   * dz1 = dy1 + dg(y1)^T dy2      dx2 = dy2 + df(x2)^T dz1      dx1 = dz1
   * </pre>
   *
   * @param place as for {@link #inverse}
   */
  public Reversed backward(Function<Tape, Scope> place, Streams y, Streams dy) {
    Step behind = Step.of(g, "g", place, y.first(), dy.second());
    Tensor second = combine(y.second(), behind.value(), (a, b) -> a - b);
    Tensor dFirst = combine(dy.first(), behind.dx(), Double::sum);
    Step before = Step.of(f, "f", place, second, dFirst);
    Tensor first = combine(y.first(), before.value(), (a, b) -> a - b);
    Tensor dSecond = combine(dy.second(), before.dx(), Double::sum);
    SequencedMap<String, Tensor> gradients = new LinkedHashMap<>(before.gradients());
    gradients.putAll(behind.gradients());
    return new Reversed(new Streams(first, second), new Streams(dFirst, dSecond), gradients);
  }

  /** One layer run again on a tape of its own, which is forgotten afterwards. */
  private record Step(Tensor value, Tensor dx, SequencedMap<String, Tensor> gradients) {
    static Step of(Layer layer, String name, Function<Tape, Scope> place, Tensor x, Tensor dy) {
      Tape tape = new Tape();
      Scope scope = place.apply(tape).in(name);
      Var input = tape.leaf("x", x);
      Var output = layer.of(scope, input);
      List<String> names = new ArrayList<>(scope.leaves().keySet());
      List<Var> wanted = new ArrayList<>(scope.leaves().values());
      wanted.add(input);
      List<Var> found = Gradient.of(List.of(output), List.of(tape.leaf("dy", dy)), wanted);
      SequencedMap<String, Tensor> gradients = new LinkedHashMap<>();
      for (int p = 0; p < names.size(); p++) {
        gradients.put(names.get(p), found.get(p).value());
      }
      return new Step(output.value(), found.getLast().value(), gradients);
    }
  }

  private static Tensor combine(Tensor a, Tensor b, DoubleBinaryOperator of) {
    return Tensor.generate(a.shape(), p -> of.applyAsDouble(a.get(p), b.get(p)));
  }
}
