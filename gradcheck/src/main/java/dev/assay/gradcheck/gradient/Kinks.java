package dev.assay.gradcheck.gradient;

import dev.assay.autograd.Node;
import dev.assay.autograd.Op;
import dev.assay.autograd.Tape;
import dev.assay.op.Step;
import dev.assay.tensor.Tensor;
import java.lang.reflect.RecordComponent;
import java.util.List;
import java.util.Objects;

/** Where a recorded graph would become another: thresholds and discrete choices. */
final class Kinks {
  private Kinks() {}

  /** The least distance of a value from the threshold of its {@link Step}; infinite without any. */
  static double distance(Tape tape) {
    double distance = Double.POSITIVE_INFINITY;
    for (Node node : tape.nodes()) {
      if (node.op() instanceof Step step) {
        Tensor x = node.inputs().getFirst().value();
        for (int p = 0; p < x.size(); p++) {
          distance = Math.min(distance, Math.abs(x.get(p) - step.theta()));
        }
      }
    }
    return distance;
  }

  /**
   * Whether two recordings of one function made the same choices: the same ops with the same
   * constants (masks, indices, slices) in the same order, and the same sides of every threshold.
   */
  static boolean agree(List<Node> a, List<Node> b) {
    if (a.size() != b.size()) {
      return false;
    }
    for (int n = 0; n < a.size(); n++) {
      Node left = a.get(n);
      Node right = b.get(n);
      if (!sameOp(left.op(), right.op())) {
        return false;
      }
      if (left.op() instanceof Step
          && !left.outputs().getFirst().value().bitEquals(right.outputs().getFirst().value())) {
        return false;
      }
    }
    return true;
  }

  private static boolean sameOp(Op a, Op b) {
    if (a.equals(b)) {
      return true;
    }
    RecordComponent[] parts = a.getClass().getRecordComponents();
    if (a.getClass() != b.getClass() || parts == null) {
      return false;
    }
    for (RecordComponent part : parts) {
      if (!sameConstant(value(part, a), value(part, b))) {
        return false;
      }
    }
    return true;
  }

  private static Object value(RecordComponent part, Op op) {
    try {
      return part.getAccessor().invoke(op);
    } catch (ReflectiveOperationException hidden) {
      throw new IllegalStateException("cannot read " + part + " of " + op.name(), hidden);
    }
  }

  private static boolean sameConstant(Object a, Object b) {
    if (a instanceof Tensor left && b instanceof Tensor right) {
      return left.bitEquals(right);
    }
    return Objects.deepEquals(a, b);
  }
}
