package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.gradcheck.ball.Functions;
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
import dev.assay.tensor.Shape;
import java.util.List;

/**
 * What every primitive means for balls. Attributes of an op are read (an axis, a factor, which
 * pairs exist); none of its code is called.
 *
 * @param <B> the kind of ball
 */
final class Evaluator<B extends Ball> {
  private final Arithmetic<B> on;
  private final Functions<B> functions;
  private final Elements<B> elements;
  private final Moves<B> moves;
  private final Products<B> products;
  private final Softmaxes<B> softmaxes;

  Evaluator(Arithmetic<B> on, Functions<B> functions) {
    this.on = on;
    this.functions = functions;
    this.elements = new Elements<>(on);
    this.moves = new Moves<>(on);
    this.products = new Products<>(on);
    this.softmaxes = new Softmaxes<>(on, functions);
  }

  /** The output for these inputs; the recorded output had the given shape. */
  BallTensor<B> apply(Primitive op, List<BallTensor<B>> x, Shape shape) {
    BallTensor<B> a = x.getFirst();
    return switch (op) {
      case Add _ -> elements.combine(a, x.get(1), on::add);
      case Sub _ -> elements.combine(a, x.get(1), on::sub);
      case Mul _ -> elements.combine(a, x.get(1), on::mul);
      case Div _ -> elements.combine(a, x.get(1), on::div);
      case Scale scale -> factor(a, on.of(scale.factor()));
      case Shift shift -> offset(a, on.of(shift.offset()));
      case Exp _ -> elements.map(a, functions::exp);
      case Log _ -> elements.map(a, functions::log);
      case Sqrt _ -> elements.map(a, on::sqrt);
      case Tanh _ -> elements.map(a, functions::tanh);
      case Sigmoid _ -> elements.map(a, functions::sigmoid);
      case Step step -> elements.step(a, step.theta());
      case Detach _ -> a;
      case StraightThrough _ -> a;
      case Reshape _ -> a.as(shape);
      case Broadcast _ -> moves.broadcast(a, shape);
      case SumTo _ -> moves.sumTo(a, shape);
      case Concat concat -> moves.concat(concat, x);
      case Gather gather -> moves.gather(gather, a);
      case ScatterAdd scatter -> moves.scatterAdd(scatter, a);
      case Slice slice -> moves.slice(slice, a);
      case Pad pad -> moves.pad(pad, a);
      case Permute permute -> moves.permute(permute, a);
      case Select select -> moves.select(select, a);
      case MatMul _ -> products.matMul(a, x.get(1));
      case Sddmm sampled -> products.sampled(a, x.get(1), sampled.keep());
      case Spmm sparse -> products.sparse(a, x.get(1), sparse.keep());
      case Rotary rotary -> products.rotary(rotary, a, x.get(1), x.get(2));
      case MaskedSoftmax softmax -> softmaxes.softmax(a, softmax.keep());
      case LogSumExp lse -> softmaxes.logSumExp(a, lse.keep());
    };
  }

  private BallTensor<B> factor(BallTensor<B> x, B factor) {
    return elements.map(x, a -> on.mul(a, factor));
  }

  private BallTensor<B> offset(BallTensor<B> x, B offset) {
    return elements.map(x, a -> on.add(a, offset));
  }

  /** Whether the last op had to compare numbers that its balls do not separate. */
  boolean wasUndecided() {
    return elements.wasUndecided();
  }
}
