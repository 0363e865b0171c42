package dev.assay.gradcheck.certified;

import dev.assay.gradcheck.ball.Arithmetic;
import dev.assay.gradcheck.ball.Ball;
import dev.assay.op.Rotary;
import dev.assay.op.Rotary.Layout;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.function.IntPredicate;

/**
 * Primitives that are sums of products.
 *
 * @param <B> the kind of ball
 */
final class Products<B extends Ball> {
  private final Arithmetic<B> on;

  Products(Arithmetic<B> on) {
    this.on = on;
  }

  /**
   * {@code y_ij = sum_c a_ic b_cj} over the last two axes.
   *
   * @param wanted which (i, j) are computed; the others are 0
   * @param read which (i, c) take part in the sums
   */
  private BallTensor<B> product(
      BallTensor<B> a, BallTensor<B> b, IntPredicate wanted, IntPredicate read) {
    int rows = a.shape().extent(-2);
    int inner = a.shape().extent(-1);
    int columns = b.shape().extent(-1);
    Shape shape = a.shape().with(-1, columns);
    return BallTensor.generate(
        shape,
        p -> {
          B sum = on.of(0);
          if (!wanted.test(p)) {
            return sum;
          }
          int row = p / columns;
          int start = row / rows * inner * columns + p % columns;
          for (int c = 0; c < inner; c++) {
            if (read.test(row * inner + c)) {
              sum = on.add(sum, on.mul(a.get(row * inner + c), b.get(start + c * columns)));
            }
          }
          return sum;
        });
  }

  BallTensor<B> matMul(BallTensor<B> a, BallTensor<B> b) {
    return product(a, b, _ -> true, _ -> true);
  }

  /** Only pairs of keep are computed. */
  BallTensor<B> sampled(BallTensor<B> a, BallTensor<B> b, Tensor keep) {
    return product(a, b, p -> keep.get(p) != 0, _ -> true);
  }

  /** Only entries of keep are read. */
  BallTensor<B> sparse(BallTensor<B> p, BallTensor<B> v, Tensor keep) {
    return product(p, v, _ -> true, x -> keep.get(x) != 0);
  }

  /** Pair c of r/2 turns channels 2c and 2c + 1, or c and c + r/2; others stay. */
  BallTensor<B> rotary(Rotary op, BallTensor<B> x, BallTensor<B> cos, BallTensor<B> sin) {
    int channels = x.shape().extent(-1);
    int pairs = cos.shape().extent(-1);
    boolean interleaved = op.layout() == Layout.INTERLEAVED;
    return BallTensor.generate(
        x.shape(),
        p -> {
          int channel = p % channels;
          if (channel >= 2 * pairs) {
            return x.get(p);
          }
          int pair = interleaved ? channel / 2 : channel % pairs;
          boolean first = interleaved ? channel % 2 == 0 : channel < pairs;
          int other = p + (interleaved ? 1 : pairs) * (first ? 1 : -1);
          int angle = p / channels * pairs + pair;
          B own = on.mul(x.get(p), cos.get(angle));
          B cross = on.mul(x.get(other), sin.get(angle));
          return first ? on.sub(own, cross) : on.add(own, cross);
        });
  }
}
