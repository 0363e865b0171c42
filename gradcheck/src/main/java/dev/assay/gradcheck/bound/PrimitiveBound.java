package dev.assay.gradcheck.bound;

import dev.assay.op.Add;
import dev.assay.op.Broadcast;
import dev.assay.op.Concat;
import dev.assay.op.Detach;
import dev.assay.op.Div;
import dev.assay.op.Exp;
import dev.assay.op.Gather;
import dev.assay.op.Log;
import dev.assay.op.LogSumExp;
import dev.assay.op.MaskedSoftmax;
import dev.assay.op.MatMul;
import dev.assay.op.Mul;
import dev.assay.op.Pad;
import dev.assay.op.Permute;
import dev.assay.op.Primitive;
import dev.assay.op.Reshape;
import dev.assay.op.Rotary;
import dev.assay.op.Scale;
import dev.assay.op.ScatterAdd;
import dev.assay.op.Sddmm;
import dev.assay.op.Select;
import dev.assay.op.Shift;
import dev.assay.op.Sigmoid;
import dev.assay.op.Slice;
import dev.assay.op.Spmm;
import dev.assay.op.Sqrt;
import dev.assay.op.Step;
import dev.assay.op.StraightThrough;
import dev.assay.op.Sub;
import dev.assay.op.SumTo;
import dev.assay.op.Tanh;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Error of a primitive's result: what it inherits from its inputs, what computing it adds, and the
 * rounding {@code uO |y| + tiny} of the stored result, because an implementation of the class may
 * store every intermediate tensor in the type of its results. Moving elements adds nothing.
 */
final class PrimitiveBound {
  private PrimitiveBound() {}

  /** The absolute error of every element of y, or null if y is exact. */
  static double @Nullable [] of(Primitive op, List<Known> x, Tensor y, Rounding u) {
    return switch (op) {
      case Broadcast _,
          Concat _,
          Detach _,
          Gather _,
          Pad _,
          Permute _,
          Reshape _,
          Select _,
          Slice _,
          StraightThrough _ ->
          LinearBound.moved(op, x);
      case SumTo _, ScatterAdd _ -> stored(LinearBound.sum(op, x.getFirst(), u), y, u);
      case Mul _, MatMul _, Sddmm _, Spmm _ ->
          stored(LinearBound.product(op, x.get(0), x.get(1), u), y, u);
      case Rotary rotary -> stored(RotaryBound.of(rotary, x, u), y, u);
      case MaskedSoftmax softmax -> stored(SoftmaxBound.weights(softmax, x, y, u), y, u);
      case LogSumExp lse -> stored(SoftmaxBound.lse(lse, x, y, u), y, u);
      case Add _,
          Sub _,
          Div _,
          Scale _,
          Shift _,
          Exp _,
          Log _,
          Sqrt _,
          Tanh _,
          Sigmoid _,
          Step _ -> {
        double[] error = new double[y.size()];
        for (int p = 0; p < error.length; p++) {
          error[p] = ElementwiseBound.of(op, x, y, p, u);
        }
        yield stored(error, y, u);
      }
    };
  }

  private static double[] stored(double[] error, Tensor y, Rounding u) {
    for (int p = 0; p < error.length; p++) {
      // A zero made of zeros is exact in every arithmetic.
      if (error[p] != 0 || y.get(p) != 0) {
        error[p] += u.uO() * Math.abs(y.get(p)) + u.tinyO();
      }
    }
    return error;
  }
}
