package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.Ball;
import dev.assay.tensor.Shape;
import java.util.function.IntFunction;

/**
 * A tensor of balls, row-major.
 *
 * @param <B> the kind of ball
 */
final class BallTensor<B extends Ball> {
  private final Shape shape;
  private final Object[] balls;

  private BallTensor(Shape shape, Object[] balls) {
    this.shape = shape;
    this.balls = balls;
  }

  /** The tensor whose element at position p is {@code ball(p)}. */
  static <B extends Ball> BallTensor<B> generate(Shape shape, IntFunction<B> ball) {
    Object[] balls = new Object[shape.size()];
    for (int p = 0; p < balls.length; p++) {
      balls[p] = ball.apply(p);
    }
    return new BallTensor<>(shape, balls);
  }

  Shape shape() {
    return shape;
  }

  int size() {
    return balls.length;
  }

  /** Product of the extents in front of an axis. */
  int before(int axis) {
    int product = 1;
    for (int other = 0; other < axis; other++) {
      product *= shape.extent(other);
    }
    return product;
  }

  /** Product of the extents behind an axis. */
  int behind(int axis) {
    int product = 1;
    for (int other = axis + 1; other < shape.rank(); other++) {
      product *= shape.extent(other);
    }
    return product;
  }

  // Only generate fills the array, and with nothing but B.
  @SuppressWarnings("unchecked")
  B get(int position) {
    return (B) balls[position];
  }

  /** The same elements under another shape. */
  BallTensor<B> as(Shape other) {
    return new BallTensor<>(other, balls);
  }
}
