package dev.assay.gradcheck.bound;

import dev.assay.op.Add;
import dev.assay.op.Div;
import dev.assay.op.Exp;
import dev.assay.op.Log;
import dev.assay.op.Primitive;
import dev.assay.op.Scale;
import dev.assay.op.Shift;
import dev.assay.op.Sigmoid;
import dev.assay.op.Sqrt;
import dev.assay.op.Step;
import dev.assay.op.Sub;
import dev.assay.op.Tanh;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Errors of functions of one or two numbers, before the result is stored. With inputs off by e, and
 * u = uS:
 *
 * <pre>
 * a + b, a - b   ea + eb                          c x       |c| e + u |y|
 * a / b          (ea + |y| eb) / (|b| - eb)       x + c     e + u |c|
 * exp x          y (exp(e) - 1) + expUlp u y      log x     e / (|x| - e) + (expUlp + 1) u |y|
 * sqrt x         e / (y + sqrt(x - e)) + u y      x >= t    1 if |x - t| is at most e, else 0
 * tanh x         (1 - tanh^2) e + (2 expUlp + 4) u
 * sigmoid x      y (1 - y) e + (expUlp + 3 + |x|) u y
 * </pre>
 *
 * <p>Slopes are taken at the end of [x - e, x + e] nearest to 0, where they are largest, so nothing
 * is cut off after first order.
 */
final class ElementwiseBound {
  private ElementwiseBound() {}

  /** The error of element p of y. */
  static double of(Primitive op, List<Known> inputs, Tensor result, int p, Rounding u) {
    double e = inputs.getFirst().errorAt(p);
    double x = inputs.getFirst().value().get(p);
    double y = Math.abs(result.get(p));
    return switch (op) {
      case Add _, Sub _ -> e + inputs.get(1).errorAt(p);
      case Div _ -> {
        double left = Math.abs(inputs.get(1).value().get(p)) - inputs.get(1).errorAt(p);
        yield quotient(e + y * inputs.get(1).errorAt(p), left);
      }
      case Scale scale -> Math.abs(scale.factor()) * e + u.uS() * y;
      case Shift shift -> e + u.uS() * Math.abs(shift.offset());
      case Exp _ -> ExpError.of(x, e) + u.expUlp() * u.uS() * y;
      case Log _ -> quotient(e, Math.abs(x) - e) + (u.expUlp() + 1) * u.uS() * y;
      case Sqrt _ -> quotient(e, y + StrictMath.sqrt(Math.max(0, x - e))) + u.uS() * y;
      case Tanh _ -> {
        double t = StrictMath.tanh(nearest(x, e));
        yield (1 - t * t) * e + (2 * u.expUlp() + 4) * u.uS();
      }
      case Sigmoid _ -> {
        double s = 1 / (1 + StrictMath.exp(nearest(x, e)));
        yield s * (1 - s) * e + (u.expUlp() + 3 + Math.abs(x)) * u.uS() * y;
      }
      case Step step -> Math.abs(x - step.theta()) <= e && e > 0 ? 1 : 0;
      default -> throw new IllegalStateException(op.name() + " is not elementwise");
    };
  }

  private static double nearest(double x, double e) {
    return Math.max(0, Math.abs(x) - e);
  }

  private static double quotient(double error, double room) {
    return error == 0 ? 0 : room > 0 ? error / room : Double.POSITIVE_INFINITY;
  }
}
