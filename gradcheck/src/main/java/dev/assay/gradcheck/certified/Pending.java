package dev.assay.gradcheck.certified;

import dev.assay.autograd.Var;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Ball.Kind;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.EnumMap;
import java.util.Map;
import java.util.OptionalDouble;
import java.util.SortedMap;
import java.util.TreeMap;

/** A result while it is being proven: each replay settles some elements. */
final class Pending {
  private final Var var;
  private final double[] value;
  private final boolean[] settled;
  private final SortedMap<Integer, Flag> flagged = new TreeMap<>();
  private final Map<DType, Integer> narrowed = new EnumMap<>(DType.class);
  private int exact;

  Pending(Var var) {
    this.var = var;
    this.value = var.value().toDoubles();
    this.settled = new boolean[value.length];
  }

  Var var() {
    return var;
  }

  /** Whether every element was looked at and proven. */
  boolean isDone() {
    for (boolean one : settled) {
      if (!one) {
        return false;
      }
    }
    return true;
  }

  void look(BallTensor<?> balls, boolean undecided) {
    for (int p = 0; p < value.length; p++) {
      if (!settled[p]) {
        look(p, balls.get(p), undecided);
      }
    }
  }

  private void look(int p, Ball ball, boolean undecided) {
    OptionalDouble rounded = ball.rounded();
    if (rounded.isEmpty()) {
      flagged.put(p, Flag.of(ball, undecided));
      return;
    }
    flagged.remove(p);
    settled[p] = true;
    exact += ball.isDouble() || ball.kind() != Kind.FINITE ? 1 : 0;
    // Equal numbers keep their bits: a zero its sign, NaN its payload.
    double proven = rounded.getAsDouble();
    if (proven != value[p] && !(Double.isNaN(proven) && Double.isNaN(value[p]))) {
      value[p] = proven;
    }
    for (DType type : Certificate.NARROW) {
      narrowed.merge(type, isNarrowed(ball, proven, type) ? 1 : 0, Integer::sum);
    }
  }

  /** Rounding is monotonic: where both ends round to one number, all between them do. */
  private static boolean isNarrowed(Ball ball, double proven, DType type) {
    double once = type.round(proven);
    return ball.kind() != Kind.FINITE
        || (type.round(ball.lower()) == once && type.round(ball.upper()) == once);
  }

  Certificate certificate() {
    return new Certificate(Tensor.adopt(var.shape(), value), exact, narrowed, flagged);
  }
}
