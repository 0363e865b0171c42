package dev.assay.op;

import dev.assay.autograd.Node;
import dev.assay.autograd.Op;
import dev.assay.autograd.Var;
import dev.assay.tensor.Tensor;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * A differentiable function with one output: one file each, its formula in the file. The family is
 * sealed, so an evaluator in another arithmetic is an exhaustive switch.
 */
public sealed interface Primitive extends Op
    permits Add,
        Broadcast,
        Concat,
        Detach,
        Div,
        Exp,
        Gather,
        Log,
        LogSumExp,
        MaskedSoftmax,
        MatMul,
        Mul,
        Pad,
        Permute,
        Reshape,
        Rotary,
        Scale,
        ScatterAdd,
        Sddmm,
        Select,
        Shift,
        Sigmoid,
        Slice,
        Spmm,
        Sqrt,
        Step,
        StraightThrough,
        Sub,
        SumTo,
        Tanh {

  /** The value y = f(x). Inputs are F64. */
  Tensor forward(List<Tensor> x);

  /**
   * The cotangents of the inputs, given that of the output; recorded, so that they can be
   * differentiated again.
   *
   * @param x the inputs
   * @param y the output
   * @param dy the cotangent of the output
   * @return one for each input; null where the function has no derivative by design
   */
  List<@Nullable Var> vjp(List<Var> x, Var y, Var dy);

  /**
   * The directional derivative of the output. Written apart from {@link #vjp}, so that one can
   * judge the other.
   *
   * @param x the inputs
   * @param y the output
   * @param dx the direction, one tensor for each input
   */
  Tensor jvp(List<Tensor> x, Tensor y, List<Tensor> dx);

  @Override
  default String name() {
    return getClass().getSimpleName();
  }

  @Override
  default List<Tensor> run(List<Tensor> inputs) {
    return List.of(forward(inputs));
  }

  @Override
  default List<@Nullable Var> pullback(Node node, List<@Nullable Var> cotangents) {
    Var dy = cotangents.getFirst();
    return dy == null
        ? Collections.nCopies(node.inputs().size(), null)
        : vjp(node.inputs(), node.outputs().getFirst(), dy);
  }
}
