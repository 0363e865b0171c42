package dev.assay.op;

import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * Safe samples of every primitive, so that a check can walk over all of them; and which inputs have
 * no gradient by design.
 */
public final class OpCatalog {
  private static final int SEED = 0xA55A7;
  private static final int UNIT = -16;

  private OpCatalog() {}

  /** At least one sample of every primitive, in a fixed order with fixed numbers. */
  public static List<Sample> samples() {
    List<Sample> samples = new ArrayList<>();
    samples.addAll(arithmetic());
    samples.addAll(functions());
    samples.addAll(shapes());
    samples.addAll(movements());
    samples.addAll(products());
    samples.addAll(softmaxes());
    samples.addAll(rotations());
    return samples;
  }

  /**
   * The inputs, from 0, whose cotangent is null by design: what stops a gradient, hard choices, and
   * the angles of a rotation.
   */
  public static Set<Integer> withoutGradient(Primitive op) {
    return switch (op) {
      case Detach _, Step _, StraightThrough _ -> Set.of(0);
      case Rotary _ -> Set.of(1, 2);
      default -> Set.of();
    };
  }

  private static Sample sample(Primitive op, String remark, Tensor... inputs) {
    return new Sample(op, List.of(inputs), remark);
  }

  /** Bell-shaped numbers of standard deviation 0.8; another stream gives others. */
  private static Tensor draw(int stream, int... extents) {
    Philox generator = new Philox(SEED, stream, 0);
    return Tensor.generate(Shape.of(extents), p -> Distribution.BELL.value(generator, p, UNIT));
  }

  /** Numbers of at least a half. */
  private static Tensor positive(int stream, int... extents) {
    return Elementwise.map(draw(stream, extents), a -> 0.5 + Math.abs(a));
  }

  /** Numbers of either sign at least a quarter away from 0. */
  private static Tensor awayFromZero(int stream, int... extents) {
    return Elementwise.map(draw(stream, extents), a -> a + Math.copySign(0.25, a));
  }

  /** Row r of matrix b keeps its first r + b + 1 entries; the last row keeps nothing. */
  private static Tensor ragged(int batch, int rows, int columns) {
    return Tensor.generate(
        Shape.of(batch, rows, columns),
        p -> {
          int row = p / columns % rows;
          return row < rows - 1 && p % columns <= row + p / columns / rows ? 1 : 0;
        });
  }

  private static List<Sample> arithmetic() {
    return List.of(
        sample(new Add(), "matrices", draw(1, 2, 3), draw(2, 2, 3)),
        sample(new Sub(), "matrices", draw(1, 2, 3), draw(2, 2, 3)),
        sample(new Mul(), "matrices", draw(1, 2, 3), draw(2, 2, 3)),
        sample(new Mul(), "scalars", draw(3), draw(4)),
        sample(new Div(), "divisors of either sign", draw(1, 2, 3), awayFromZero(2, 2, 3)),
        sample(new Scale(-1.75), "a negative factor", draw(1, 2, 3)),
        sample(new Shift(0.625), "a vector", draw(1, 5)));
  }

  private static List<Sample> functions() {
    return List.of(
        sample(new Exp(), "either sign", draw(1, 2, 3)),
        sample(new Log(), "from a half up", positive(1, 2, 3)),
        sample(new Sqrt(), "from a half up", positive(1, 2, 3)),
        sample(new Tanh(), "either sign", draw(1, 2, 3)),
        sample(new Sigmoid(), "either sign", draw(1, 2, 3)),
        sample(new Detach(), "no gradient", draw(1, 2, 3)),
        sample(new Step(0), "a quarter away from the threshold", awayFromZero(1, 2, 3)),
        sample(
            new StraightThrough(),
            "the value of one, the gradient of the other",
            Elementwise.map(draw(1, 2, 3), Math::rint),
            draw(1, 2, 3)),
        sample(new Select(ragged(1, 3, 4)), "ragged, one row empty", draw(1, 1, 3, 4)));
  }

  private static List<Sample> shapes() {
    return List.of(
        sample(new Reshape(Shape.of(3, 4)), "three axes to two", draw(1, 2, 3, 2)),
        sample(new Permute(new int[] {2, 0, 1}), "a cycle of three axes", draw(1, 2, 3, 4)),
        sample(new Broadcast(Shape.of(2, 3, 4)), "an axis stretched, one added", draw(1, 3, 1)),
        sample(new Broadcast(Shape.of(2, 2)), "a scalar", draw(1)),
        sample(new SumTo(Shape.of(3, 1)), "two axes summed", draw(1, 2, 3, 4)),
        sample(new SumTo(Shape.of()), "all summed", draw(1, 2, 3)));
  }

  private static List<Sample> movements() {
    return List.of(
        sample(new Slice(1, 1, 3), "the middle of an axis", draw(1, 2, 4, 3)),
        sample(new Slice(0, 1, 1), "nothing", draw(1, 2, 3)),
        sample(new Pad(1, 1, 2), "both ends", draw(1, 2, 2, 3)),
        sample(new Concat(1), "three lengths", draw(1, 2, 1), draw(2, 2, 3), draw(3, 2, 2)),
        sample(new Gather(0, new int[] {2, 0, 2}), "one row twice, one never", draw(1, 3, 2)),
        sample(new ScatterAdd(1, new int[] {3, 0, 3}, 4), "two meet, two empty", draw(1, 2, 3)));
  }

  private static List<Sample> products() {
    return List.of(
        sample(new MatMul(), "a batch of two", draw(1, 2, 3, 4), draw(2, 2, 4, 2)),
        sample(new Sddmm(ragged(2, 3, 4)), "ragged", draw(1, 2, 3, 5), draw(2, 2, 5, 4)),
        sample(new Spmm(ragged(2, 3, 4)), "ragged", draw(1, 2, 3, 4), draw(2, 2, 4, 5)));
  }

  private static List<Sample> softmaxes() {
    Tensor all = Tensor.full(Shape.of(2, 3), 1);
    return List.of(
        sample(new MaskedSoftmax(all), "everything kept", draw(1, 2, 3)),
        sample(new MaskedSoftmax(ragged(2, 4, 5)), "ragged, rows empty", draw(2, 2, 4, 5)),
        sample(new LogSumExp(all), "everything kept", draw(1, 2, 3)),
        sample(new LogSumExp(ragged(2, 4, 5)), "ragged, rows empty", draw(2, 2, 4, 5)));
  }

  private static List<Sample> rotations() {
    Tensor angle = draw(9, 2, 3, 2);
    Tensor cos = Elementwise.map(angle, StrictMath::cos);
    Tensor sin = Elementwise.map(angle, StrictMath::sin);
    return List.of(
        sample(new Rotary(Rotary.Layout.INTERLEAVED), "all channels", draw(1, 2, 3, 4), cos, sin),
        sample(new Rotary(Rotary.Layout.HALF), "one channel passes", draw(1, 2, 3, 5), cos, sin));
  }
}
