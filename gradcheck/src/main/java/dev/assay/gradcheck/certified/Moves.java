package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.op.Concat;
import dev.assay.op.Gather;
import dev.assay.op.Pad;
import dev.assay.op.Permute;
import dev.assay.op.ScatterAdd;
import dev.assay.op.Select;
import dev.assay.op.Slice;
import dev.assay.tensor.Shape;
import java.util.Arrays;
import java.util.List;

/**
 * Primitives that move elements, and those that add up what meets in one place.
 *
 * @param <B> the kind of ball
 */
final class Moves<B extends Ball> {
  private final Arithmetic<B> on;
  private final B zero;

  Moves(Arithmetic<B> on) {
    this.on = on;
    this.zero = on.of(0);
  }

  /** For each element of the result the one of x that it repeats. */
  BallTensor<B> broadcast(BallTensor<B> x, Shape to) {
    return BallTensor.generate(to, p -> x.get(source(x.shape(), to.index(p))));
  }

  /** Axes align at the end, and an axis of extent 1 has one element for all. */
  private static int source(Shape narrow, int[] wide) {
    int position = 0;
    int missing = wide.length - narrow.rank();
    for (int axis = 0; axis < narrow.rank(); axis++) {
      int at = narrow.extent(axis) == 1 ? 0 : wide[missing + axis];
      position = position * narrow.extent(axis) + at;
    }
    return position;
  }

  BallTensor<B> sumTo(BallTensor<B> x, Shape to) {
    Sums<B> sums = new Sums<>(on, to.size());
    for (int p = 0; p < x.size(); p++) {
      sums.add(source(to, x.shape().index(p)), x.get(p));
    }
    return BallTensor.generate(to, sums::get);
  }

  BallTensor<B> scatterAdd(ScatterAdd op, BallTensor<B> x) {
    int inner = x.behind(op.axis());
    int extent = op.index().length;
    Shape wide = x.shape().with(op.axis(), op.extent());
    Sums<B> sums = new Sums<>(on, wide.size());
    for (int p = 0; p < x.size(); p++) {
      int outer = p / inner / extent;
      int target = op.index()[p / inner % extent];
      sums.add((outer * op.extent() + target) * inner + p % inner, x.get(p));
    }
    return BallTensor.generate(wide, sums::get);
  }

  BallTensor<B> gather(Gather op, BallTensor<B> x) {
    int extent = op.index().length;
    return alongAxis(x, op.axis(), extent, s -> op.index()[s]);
  }

  BallTensor<B> slice(Slice op, BallTensor<B> x) {
    return alongAxis(x, op.axis(), op.to() - op.from(), s -> op.from() + s);
  }

  BallTensor<B> pad(Pad op, BallTensor<B> x) {
    int extent = x.shape().extent(op.axis());
    return alongAxis(
        x,
        op.axis(),
        op.before() + extent + op.after(),
        s -> s < op.before() || s >= op.before() + extent ? -1 : s - op.before());
  }

  /** Which slab of x is slab s of the result; -1 for zeros. */
  private interface Slab {
    int of(int s);
  }

  private BallTensor<B> alongAxis(BallTensor<B> x, int axis, int extent, Slab slab) {
    int inner = x.behind(axis);
    int own = x.shape().extent(axis);
    return BallTensor.generate(
        x.shape().with(axis, extent),
        p -> {
          int from = slab.of(p / inner % extent);
          return from < 0 ? zero : x.get((p / inner / extent * own + from) * inner + p % inner);
        });
  }

  BallTensor<B> concat(Concat op, List<BallTensor<B>> x) {
    int[] extents = x.stream().mapToInt(part -> part.shape().extent(op.axis())).toArray();
    int extent = Arrays.stream(extents).sum();
    BallTensor<B> first = x.getFirst();
    int inner = first.behind(op.axis());
    return BallTensor.generate(
        first.shape().with(op.axis(), extent),
        p -> {
          int at = p / inner % extent;
          int part = 0;
          while (at >= extents[part]) {
            at -= extents[part++];
          }
          return x.get(part).get((p / inner / extent * extents[part] + at) * inner + p % inner);
        });
  }

  BallTensor<B> permute(Permute op, BallTensor<B> x) {
    int[] extents = new int[op.axes().length];
    for (int axis = 0; axis < extents.length; axis++) {
      extents[axis] = x.shape().extent(op.axes()[axis]);
    }
    Shape shape = Shape.of(extents);
    return BallTensor.generate(
        shape,
        p -> {
          int[] here = shape.index(p);
          int[] there = new int[here.length];
          for (int axis = 0; axis < here.length; axis++) {
            there[op.axes()[axis]] = here[axis];
          }
          return x.get(x.shape().offset(there));
        });
  }

  BallTensor<B> select(Select op, BallTensor<B> x) {
    return BallTensor.generate(x.shape(), p -> op.keep().get(p) != 0 ? x.get(p) : zero);
  }
}
