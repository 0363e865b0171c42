package dev.assay.engine;

import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;

/** Bell-shaped tensors, reproducible from a seed and a stream. */
record Draws(int seed) {
  /** Numbers of standard deviation 0.8. */
  Tensor bell(int stream, int... extents) {
    Philox generator = new Philox(seed, stream, 0);
    return Tensor.generate(Shape.of(extents), p -> Distribution.BELL.value(generator, p, -16));
  }

  /** Numbers between 0.25 and 1. */
  Tensor positive(int stream, int... extents) {
    Philox generator = new Philox(seed, stream, 0);
    return Tensor.generate(Shape.of(extents), p -> 0.25 + 0.75 * generator.uniform16(p) / 65536.0);
  }

  /** 1 with the given probability, else 0. */
  Tensor bits(int stream, double probability, int... extents) {
    Philox generator = new Philox(seed, stream, 0);
    return Tensor.generate(
        Shape.of(extents), p -> generator.uniform16(p) < probability * 65536 ? 1 : 0);
  }
}
