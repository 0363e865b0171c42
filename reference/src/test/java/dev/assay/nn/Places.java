package dev.assay.nn;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.op.Gradient;
import dev.assay.op.Ops;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;

/** Short ways to stand a layer somewhere and to look at its gradients. */
final class Places {
  private Places() {}

  static Scope fresh(Parameters parameters) {
    return Scope.of(new Tape(), parameters, Runner.naive());
  }

  static <M extends Mechanism> M make(Class<M> type, String... settings) {
    return Settings.make(type, Settings.parse(List.of(settings)));
  }

  static Tensor draw(int stream, int... extents) {
    Philox generator = new Philox(7, stream, 0);
    return Tensor.generate(Shape.of(extents), p -> Distribution.BELL.value(generator, p, -16));
  }

  /** The sum of y times fixed numbers, so that every element counts differently. */
  private static Var weighted(Var y) {
    Tensor weights = draw(99, y.shape().toArray());
    return Ops.sumTo(Ops.mul(y, Ops.constant(y.tape(), weights)), Shape.of());
  }

  /** Gradients of all parameters of a layer, by the tape. */
  static Map<String, Tensor> gradients(Parameters parameters, Function<Scope, Var> layer) {
    Scope scope = fresh(parameters);
    Var loss = weighted(layer.apply(scope));
    List<String> names = new ArrayList<>(scope.leaves().keySet());
    Var one = loss.tape().leaf("one", Tensor.scalar(1));
    List<Var> found =
        Gradient.of(List.of(loss), List.of(one), names.stream().map(scope.leaves()::get).toList());
    Map<String, Tensor> gradients = new LinkedHashMap<>();
    for (int p = 0; p < names.size(); p++) {
      gradients.put(names.get(p), found.get(p).value());
    }
    return gradients;
  }

  /** The difference quotient of one number of one parameter, central. */
  static double quotient(
      Parameters parameters, Function<Scope, Var> layer, String name, int position) {
    double step = 1e-5;
    Tensor before = parameters.get(name);
    double[] sides = new double[2];
    for (int side = 0; side < 2; side++) {
      double moved = before.get(position) + (side == 0 ? step : -step);
      parameters.set(
          name, Tensor.generate(before.shape(), p -> p == position ? moved : before.get(p)));
      sides[side] = weighted(layer.apply(fresh(parameters))).value().get(0);
    }
    parameters.set(name, before);
    return (sides[0] - sides[1]) / (2 * step);
  }
}
