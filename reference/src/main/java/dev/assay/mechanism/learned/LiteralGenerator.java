package dev.assay.mechanism.learned;

import dev.assay.check.Require;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Map;

/**
 * The literal generator: one small network looks at every score by itself, {@code M_ij = [w2 .
 * relu(w1 S_ij + b1) + b2 > 0]}. It knows neither its row nor a place, forces nothing, and never
 * learns: its output is a choice.
 */
final class LiteralGenerator {
  private final Tensor w1;
  private final Tensor b1;
  private final Tensor w2;
  private final Tensor b2;

  LiteralGenerator(Inputs inputs) {
    w1 = parameter(inputs, "mlp_w1");
    b1 = parameter(inputs, "mlp_b1");
    w2 = parameter(inputs, "mlp_w2");
    b2 = parameter(inputs, "mlp_b2");
    Require.argument(
        w1.size() == b1.size() && w1.size() == w2.size() && b2.size() == 1,
        "mlp_w1, mlp_b1 and mlp_w2 have %d, %d and %d elements and mlp_b2 %d: the first three need"
            + " one for each hidden unit, the last has one",
        w1.size(),
        b1.size(),
        w2.size(),
        b2.size());
  }

  private static Tensor parameter(Inputs inputs, String name) {
    Require.argument(inputs.has(name), "reading LITERAL needs the tensor %s", name);
    return inputs.var(name).value();
  }

  /** What the network makes of a score. */
  double of(double score) {
    double sum = b2.get(0);
    for (int unit = 0; unit < w1.size(); unit++) {
      sum += w2.get(unit) * Math.max(0, w1.get(unit) * score + b1.get(unit));
    }
    return sum;
  }

  /** The pattern of a plane of scores, or the one that was given. */
  SparsePattern generate(Inputs inputs, ScorePlane plane) {
    Shape shape = plane.shape();
    Tensor given = inputs.truths("selected");
    Require.argument(
        given == null || given.shape().equals(shape),
        "selected has shape %s: %s is needed",
        given == null ? "" : given.shape(),
        shape);
    double margin = Double.POSITIVE_INFINITY;
    double[] chosen = new double[shape.size()];
    for (int p = 0; p < chosen.length; p++) {
      if (plane.admissible().get(p) == 0) {
        continue;
      }
      if (given != null) {
        chosen[p] = given.get(p);
        continue;
      }
      double output = of(plane.scores().value().get(p));
      Require.argument(!Double.isNaN(output), "the network of LSPG gives NaN: it needs numbers");
      chosen[p] = output > 0 ? 1 : 0;
      margin = Math.min(margin, Math.abs(output));
    }
    Tensor hard = Tensor.adopt(shape, chosen);
    Mechanism.Rules reasons =
        (b, h, i, j) ->
            hard.at(b, h, i / plane.size(), j / plane.size()) != 0
                ? "network: its output is positive"
                : Mechanism.NOT_ATTENDED;
    return new SparsePattern(plane.size(), hard, null, Map.of("selected", hard), margin, reasons);
  }
}
