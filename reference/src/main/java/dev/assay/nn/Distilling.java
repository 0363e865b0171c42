package dev.assay.nn;

import dev.assay.autograd.Var;
import dev.assay.check.Require;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import java.util.stream.IntStream;

/**
 * Halves a sequence between two layers: a convolution over three tokens in a circle, batch
 * normalisation, ELU, and the maximum of three tokens at every second one: Zhou et al., "Informer:
 * beyond efficient transformer for long sequence time-series forecasting" (2021).
 *
 * <p>Normalises by mean and variance of this batch, as training does; running averages for
 * evaluation are not kept.
 */
public final class Distilling {
  private static final double EPS = 1e-5;

  private Distilling() {}

  /**
   * Applies it, with parameters {@code conv.weight} [width, 3 width], the token before in the first
   * columns, then itself, then the one after, and {@code conv.bias}, {@code norm.weight} and {@code
   * norm.bias} [width].
   *
   * @param x [B, n, width], n at least 1
   * @return [B, ceil(n / 2), width]
   */
  public static Var of(Scope scope, Var x) {
    Shape shape = x.shape();
    Require.argument(
        shape.rank() == 3 && shape.extent(1) > 0, "%s holds no tokens: [B, n, width]", shape);
    int n = shape.extent(1);
    int width = shape.extent(2);
    Var before = Ops.gather(x, 1, IntStream.range(0, n).map(i -> (i + n - 1) % n).toArray());
    Var after = Ops.gather(x, 1, IntStream.range(0, n).map(i -> (i + 1) % n).toArray());
    Var three = Ops.concat(2, before, x, after);
    Var convolved = Linear.in(scope.in("conv"), 3 * width, width).of(three);
    return halved(elu(normalised(scope.in("norm"), convolved)));
  }

  /** By the statistics of each channel over batch and tokens, variance without correction. */
  private static Var normalised(Scope scope, Var x) {
    int width = x.shape().extent(2);
    Var rows = Ops.reshape(x, Shape.of(x.shape().size() / Math.max(1, width), width));
    Var centred = Ops.sub(rows, Composed.mean(rows, 0));
    Var variance = Composed.mean(Ops.mul(centred, centred), 0);
    Var scaled = Ops.div(centred, Ops.sqrt(Ops.shift(variance, EPS)));
    Var gain = scope.parameter("weight", Start.ones(), width);
    Var bias = scope.parameter("bias", Start.zeros(), width);
    return Ops.reshape(Ops.add(Ops.mul(scaled, gain), bias), x.shape());
  }

  /** {@code x} above 0, {@code e^x - 1} below. */
  private static Var elu(Var x) {
    Var below = Ops.scale(Composed.relu(Ops.scale(x, -1)), -1);
    return Ops.add(Composed.relu(x), Ops.shift(Ops.exp(below), -1));
  }

  /** The largest of tokens 2i - 1, 2i and 2i + 1, as far as they exist. */
  private static Var halved(Var x) {
    Shape shape = x.shape();
    int n = shape.extent(1);
    int half = (n + 1) / 2;
    Var[] near = new Var[3];
    for (int step = -1; step <= 1; step++) {
      int offset = step;
      int[] index =
          IntStream.range(0, half)
              // A token that does not exist is replaced by the middle one, which changes no
              // maximum.
              .map(i -> 2 * i + offset < 0 || 2 * i + offset >= n ? 2 * i : 2 * i + offset)
              .toArray();
      Shape apart = Shape.of(shape.extent(0), half, shape.extent(2), 1);
      near[step + 1] = Ops.reshape(Ops.gather(x, 1, index), apart);
    }
    return Ops.reshape(Composed.max(Ops.concat(3, near)), shape.with(1, half));
  }
}
