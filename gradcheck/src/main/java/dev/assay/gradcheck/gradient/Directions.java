package dev.assay.gradcheck.gradient;

import dev.assay.tensor.Distribution;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Tensor;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.zip.CRC32;

/**
 * Random signed tensors, bell-shaped with standard deviation 0.8: a function of the seed, the
 * subject's name, their purpose and the draw. Signed, because errors hide in sums of positive
 * terms.
 *
 * @param seed printed with every report
 * @param subject whose directions they are
 */
record Directions(int seed, String subject) {
  private static final int UNIT = -16;

  /** One tensor for each of the given ones, of the same shape. */
  List<Tensor> draw(String purpose, int number, List<Tensor> like) {
    List<Tensor> drawn = new ArrayList<>();
    for (int x = 0; x < like.size(); x++) {
      Philox generator = new Philox(seed, stream(purpose + x), number);
      drawn.add(
          Tensor.generate(like.get(x).shape(), p -> Distribution.BELL.value(generator, p, UNIT)));
    }
    return drawn;
  }

  private int stream(String purpose) {
    CRC32 crc = new CRC32();
    crc.update((subject + " " + purpose).getBytes(StandardCharsets.UTF_8));
    return (int) crc.getValue();
  }
}
