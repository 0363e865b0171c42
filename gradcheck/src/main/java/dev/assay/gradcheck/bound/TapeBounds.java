package dev.assay.gradcheck.bound;

import dev.assay.autograd.Node;
import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.engine.Attend;
import dev.assay.engine.AttendVjp;
import dev.assay.gradcheck.suite.PrecisionClass;
import dev.assay.op.Primitive;
import dev.assay.tensor.DType;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Walks a recorded graph forward and gives every value on it an error bound.
 *
 * <p>Leaves are exact if the class's storage holds them, as it holds the inputs of every case that
 * the class can run; a constant that it does not hold (1/3, a table of cosines) is off by its
 * rounding. A cotangent of the log-sum-exp is held in the type of the log-sum-exp.
 *
 * <p>Where a score overflows its class a result has no bound: its error is infinite. What is made
 * from such a value has no bound either, 0 times it included, for it may be NaN.
 */
final class TapeBounds {
  private final Map<Var, Known> known = new HashMap<>();
  private final Rounding u;
  private final PrecisionClass precision;

  TapeBounds(Tape tape, Rounding u, PrecisionClass precision) {
    this.u = u;
    this.precision = precision;
    for (Node node : tape.nodes()) {
      follow(node);
    }
  }

  /** A value of the tape and its bound. */
  Known of(Var var) {
    Known found = known.get(var);
    if (found == null) {
      found = new Known(var.value(), leafError(var));
      known.put(var, found);
    }
    return found;
  }

  private double @Nullable [] leafError(Var leaf) {
    Tensor value = leaf.value();
    DType type = leaf.name().equals("d_lse") ? precision.resultType("lse") : precision.storage();
    double[] error = null;
    for (int p = 0; p < value.size(); p++) {
      double x = value.get(p);
      double off = Math.abs(type.round(x) - x);
      if (Double.isFinite(x) && off != 0) {
        error = error == null ? new double[value.size()] : error;
        error[p] = off;
      }
    }
    return error;
  }

  private void follow(Node node) {
    List<Known> inputs = new ArrayList<>();
    for (Var input : node.inputs()) {
      inputs.add(of(input));
    }
    List<Tensor> outputs = new ArrayList<>();
    for (Var output : node.outputs()) {
      outputs.add(output.value());
    }
    List<double @Nullable []> errors = new ArrayList<>();
    switch (node.op()) {
      case Attend run -> errors.addAll(AttendBound.forward(run, inputs, outputs, u));
      case AttendVjp run -> errors.addAll(AttendBound.backward(run, inputs, outputs, u));
      case Primitive op -> errors.add(PrimitiveBound.of(op, inputs, outputs.getFirst(), u));
      default -> throw new NoBoundException("no error bound is derived for " + node.op().name());
    }
    for (int o = 0; o < outputs.size(); o++) {
      double[] error = errors.get(o);
      unbounded(outputs.get(o), error);
      known.put(node.outputs().get(o), new Known(outputs.get(o), error));
    }
  }

  /** An error that came out as NaN, as 0 times an unbounded one does, is an unbounded one. */
  private static void unbounded(Tensor value, double @Nullable [] error) {
    for (int p = 0; error != null && p < error.length; p++) {
      if (Double.isNaN(error[p]) && Double.isFinite(value.get(p))) {
        error[p] = Double.POSITIVE_INFINITY;
      }
    }
  }
}
