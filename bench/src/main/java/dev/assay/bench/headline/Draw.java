package dev.assay.bench.headline;

import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.stream.IntStream;

/**
 * Bell-shaped fp32 numbers from fixed seeds, all cores at work: half a billion of them are drawn.
 */
final class Draw {
  private static final int SEED = 7;
  private static final float UNIT = 0x1p-16f;
  private static final int STRETCH = 1 << 12;

  private Draw() {}

  /** A tensor that only the shape and the number of the stream determine. */
  static Tensor bell(Shape shape, int stream) {
    Philox generator = new Philox(SEED, stream, 1);
    float[] values = new float[shape.size()];
    IntStream.range(0, Math.ceilDiv(values.length, STRETCH))
        .parallel()
        .forEach(
            stretch -> {
              int end = Math.min(values.length, (stretch + 1) * STRETCH);
              for (int p = stretch * STRETCH; p < end; p++) {
                values[p] = UNIT * generator.bell(p);
              }
            });
    return Tensor.adopt(shape, values);
  }
}
