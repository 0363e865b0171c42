package dev.assay.accelerated.simd;

import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/**
 * Tensors of numbers that fp32 holds exactly, so that an fp64 and an fp32 engine get the same.
 *
 * @param seed the same seed gives the same tensors
 */
public record Draw(int seed) {
  /** Exponent of two that gives bell-shaped numbers a standard deviation of 0.8. */
  public static final int UNIT = -16;

  /** Bell-shaped numbers of standard deviation 0.8. */
  public Tensor bell(int stream, int... extents) {
    return shifted(stream, UNIT, extents);
  }

  /** Bell-shaped numbers times 2^shift. */
  public Tensor shifted(int stream, int shift, int... extents) {
    Philox generator = new Philox(seed, stream, 1);
    return Tensor.generate(
        Shape.of(extents), p -> DType.F32.round(Distribution.BELL.value(generator, p, shift)));
  }

  /** Ones with the given probability, else zeros. */
  public Tensor coin(int stream, double probability, int... extents) {
    Philox generator = new Philox(seed, stream, 1);
    return Tensor.generate(
        Shape.of(extents), p -> generator.uniform16(p) < probability * (1 << 16) ? 1 : 0);
  }

  /** The tensor with another number wherever the coin shows 1. */
  public static Tensor planted(Tensor tensor, Tensor coin, double number) {
    return Tensor.generate(tensor.shape(), p -> coin.get(p) != 0 ? number : tensor.get(p));
  }
}
