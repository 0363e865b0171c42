package dev.assay.op;

import dev.assay.autograd.Tape;
import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * The vocabulary in which mechanisms and derivative rules are written: each method records one op
 * on the tape, after broadcasting where it says so. Axes may be negative: -1 is the innermost.
 */
public final class Ops {
  private Ops() {}

  private static Var record(Primitive op, Var... x) {
    return x[0].tape().record(op, List.of(x)).getFirst();
  }

  private static Var together(Primitive op, Var a, Var b) {
    Shape shape = common(a.shape(), b.shape());
    return record(op, broadcast(a, shape), broadcast(b, shape));
  }

  private static Shape common(Shape a, Shape b) {
    int[] extents = new int[Math.max(a.rank(), b.rank())];
    for (int back = 1; back <= extents.length; back++) {
      int left = back <= a.rank() ? a.extent(-back) : 1;
      int right = back <= b.rank() ? b.extent(-back) : 1;
      Require.argument(
          left == right || left == 1 || right == 1,
          "shapes %s and %s do not broadcast: extents must agree or be 1",
          a,
          b);
      extents[extents.length - back] = left == 1 ? right : left;
    }
    return Shape.of(extents);
  }

  /** A leaf that holds a constant. */
  public static Var constant(Tape tape, Tensor value) {
    return tape.leaf("constant", value);
  }

  /** {@link Add}; shapes broadcast. */
  public static Var add(Var a, Var b) {
    return together(new Add(), a, b);
  }

  /** {@link Sub}; shapes broadcast. */
  public static Var sub(Var a, Var b) {
    return together(new Sub(), a, b);
  }

  /** {@link Mul}; shapes broadcast. */
  public static Var mul(Var a, Var b) {
    return together(new Mul(), a, b);
  }

  /** {@link Div}; shapes broadcast. */
  public static Var div(Var a, Var b) {
    return together(new Div(), a, b);
  }

  /** {@link Scale}. */
  public static Var scale(Var x, double factor) {
    return record(new Scale(factor), x);
  }

  /** {@link Shift}. */
  public static Var shift(Var x, double offset) {
    return record(new Shift(offset), x);
  }

  /** {@link Exp}. */
  public static Var exp(Var x) {
    return record(new Exp(), x);
  }

  /** {@link Log}. */
  public static Var log(Var x) {
    return record(new Log(), x);
  }

  /** {@link Sqrt}. */
  public static Var sqrt(Var x) {
    return record(new Sqrt(), x);
  }

  /** {@link Tanh}. */
  public static Var tanh(Var x) {
    return record(new Tanh(), x);
  }

  /** {@link Sigmoid}. */
  public static Var sigmoid(Var x) {
    return record(new Sigmoid(), x);
  }

  /** {@link Detach}. */
  public static Var detach(Var x) {
    return record(new Detach(), x);
  }

  /** {@link Step}. */
  public static Var step(Var x, double theta) {
    return record(new Step(theta), x);
  }

  /** {@link StraightThrough}. */
  public static Var straightThrough(Var hard, Var soft) {
    return record(new StraightThrough(), hard, soft);
  }

  /** {@link Select}. */
  public static Var select(Var x, Tensor keep) {
    return record(new Select(keep), x);
  }

  /** {@link Reshape}; the same value if it has the shape already. */
  public static Var reshape(Var x, Shape shape) {
    return x.shape().equals(shape) ? x : record(new Reshape(shape), x);
  }

  /** {@link Permute}. */
  public static Var permute(Var x, int... axes) {
    return record(new Permute(axes.clone()), x);
  }

  /** {@link Permute} of the last two axes. */
  public static Var transpose(Var x) {
    int rank = x.shape().rank();
    Require.argument(rank >= 2, "%s cannot be transposed: it needs two axes", x);
    int[] axes = new int[rank];
    for (int axis = 0; axis < rank; axis++) {
      axes[axis] = axis;
    }
    axes[rank - 2] = rank - 1;
    axes[rank - 1] = rank - 2;
    return record(new Permute(axes), x);
  }

  /** {@link Broadcast}; the same value if it has the shape already. */
  public static Var broadcast(Var x, Shape shape) {
    return x.shape().equals(shape) ? x : record(new Broadcast(shape), x);
  }

  /** {@link SumTo}; the same value if it has the shape already. */
  public static Var sumTo(Var x, Shape shape) {
    return x.shape().equals(shape) ? x : record(new SumTo(shape), x);
  }

  /** {@link SumTo} over one axis, which stays with extent 1. */
  public static Var sum(Var x, int axis) {
    return sumTo(x, x.shape().with(axis, 1));
  }

  /** {@link Slice}. */
  public static Var slice(Var x, int axis, int from, int to) {
    return record(new Slice(x.shape().normalise(axis), from, to), x);
  }

  /** {@link Pad}. */
  public static Var pad(Var x, int axis, int before, int after) {
    return record(new Pad(x.shape().normalise(axis), before, after), x);
  }

  /** {@link Concat}. */
  public static Var concat(int axis, Var... x) {
    Require.argument(x.length > 0, "concat got no tensors: give at least one");
    return record(new Concat(x[0].shape().normalise(axis)), x);
  }

  /** {@link Gather}. */
  public static Var gather(Var x, int axis, int[] index) {
    return record(new Gather(x.shape().normalise(axis), index.clone()), x);
  }

  /** {@link ScatterAdd}. */
  public static Var scatterAdd(Var x, int axis, int[] index, int extent) {
    return record(new ScatterAdd(x.shape().normalise(axis), index.clone(), extent), x);
  }

  /** {@link MatMul}. */
  public static Var matMul(Var a, Var b) {
    return record(new MatMul(), a, b);
  }

  /** {@link Sddmm}. */
  public static Var sddmm(Var a, Var b, Tensor keep) {
    return record(new Sddmm(keep), a, b);
  }

  /** {@link Spmm}. */
  public static Var spmm(Var p, Var v, Tensor keep) {
    return record(new Spmm(keep), p, v);
  }

  /** {@link MaskedSoftmax}. */
  public static Var maskedSoftmax(Var s, Tensor keep) {
    return record(new MaskedSoftmax(keep), s);
  }

  /** {@link LogSumExp}. */
  public static Var logSumExp(Var s, Tensor keep) {
    return record(new LogSumExp(keep), s);
  }

  /**
   * keep without the entries whose logit is -inf: give it to {@link #spmm}, so that the value of a
   * key which a logit of -inf masks is not read. Nothing is recorded: the selection is a constant.
   */
  public static Tensor admissible(Var s, Tensor keep) {
    return SoftmaxRow.admissible(keep, s.value());
  }

  /** {@link Rotary}; cos and sin broadcast to the leading extents of x. */
  public static Var rotary(Var x, Var cos, Var sin, Rotary.Layout layout) {
    Shape angles = x.shape().with(-1, cos.shape().extent(-1));
    return record(new Rotary(layout), x, broadcast(cos, angles), broadcast(sin, angles));
  }
}
