package dev.assay.gradcheck.gradient;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Node;
import dev.assay.autograd.Var;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.function.DoubleUnaryOperator;
import java.util.function.UnaryOperator;
import org.junit.jupiter.api.Test;

/** The differences' error estimate is honest: eight of it contain the true error. */
class SlopeTest {
  private static void judge(
      UnaryOperator<Var> f, DoubleUnaryOperator slope, double from, double to) {
    Tensor one = Tensor.full(Shape.of(1), 1);
    for (int n = 0; n <= 100; n++) {
      double x = from + (to - from) * n / 100;
      Subject subject =
          new Subject(
              "f",
              List.of("x"),
              List.of(Tensor.full(Shape.of(1), x)),
              (tape, point) -> {
                Var leaf = tape.leaf("x", point.getFirst());
                return new Recording(tape, List.of(leaf), List.of(f.apply(leaf)), 1);
              });
      Recording recording = subject.record();
      List<Node> nodes = List.copyOf(recording.tape().nodes());
      Line line = new Line(subject, recording, nodes, List.of(one), List.of(one));
      Slope found = Slope.of(line).orElseThrow();
      double error = Math.abs(found.value() - slope.applyAsDouble(x));
      double estimate = found.error() + line.rounding(found.step());
      assertTrue(error <= 8 * estimate, () -> "at " + x + " error " + error + " of " + found);
      // The square root of the rounding unit, beyond which a difference quotient proves little.
      assertTrue(estimate < 1e-8, () -> "at " + x + " the estimate is only " + estimate);
    }
  }

  @Test
  void of_the_exponential() {
    judge(Ops::exp, StrictMath::exp, -4, 3);
  }

  @Test
  void of_the_hyperbolic_tangent() {
    judge(Ops::tanh, x -> 1 / StrictMath.pow(StrictMath.cosh(x), 2), -3, 3);
  }

  @Test
  void of_the_logarithm() {
    judge(Ops::log, x -> 1 / x, 0.5, 9);
  }

  @Test
  void of_a_seventh_power() {
    UnaryOperator<Var> seventh =
        x -> {
          Var cube = Ops.mul(x, Ops.mul(x, x));
          return Ops.mul(x, Ops.mul(cube, cube));
        };
    judge(seventh, x -> 7 * Math.pow(x, 6), -1.5, 1.5);
  }
}
