package dev.assay.train;

import dev.assay.check.Require;
import dev.assay.mechanism.Teacher;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.stream.IntStream;

/**
 * The pattern that a dense teacher shows to a sparse student: for each head and row of blocks the
 * fewest blocks that hold a share of the teacher's attention, as a mean over examples; the diagonal
 * and the first block always. It is found once and stays while the student learns.
 *
 * @param block tokens in a block
 * @param share of the mass of a row, in (0, 1]
 */
public record TaughtPattern(int block, double share) {
  /** Checks the numbers. */
  public TaughtPattern {
    Require.positive(block, "block");
    Require.argument(share > 0 && share <= 1, "share is %s: it must lie in (0, 1]", share);
  }

  /**
   * The pattern.
   *
   * @param attention the teacher's weights on examples, [B, H, n_q, n_k], B at least 1
   * @return [H, N_q, N_k], 1 where a block is met
   */
  public Tensor of(Tensor attention) {
    Tensor mass = Teacher.mass(block).of(attention, Teacher.GUARD);
    Shape shape = mass.shape();
    Require.argument(
        shape.rank() == 4 && shape.extent(0) > 0,
        "the attention has shape %s: [B, H, n_q, n_k] with examples is needed",
        attention.shape());
    int columns = shape.extent(3);
    int entry = mass.size() / shape.extent(0);
    double[] mean = new double[entry];
    for (int p = 0; p < mass.size(); p++) {
      mean[p % entry] += mass.get(p) / shape.extent(0);
    }
    double[] kept = new double[entry];
    for (int start = 0; start < entry; start += columns) {
      int row = start / columns % shape.extent(2);
      double[] one = Arrays.copyOfRange(mean, start, start + columns);
      boolean[] keep = keep(one, row);
      for (int c = 0; c < columns; c++) {
        kept[start + c] = keep[c] ? 1 : 0;
      }
    }
    return Tensor.adopt(Shape.of(shape.extent(1), shape.extent(2), columns), kept);
  }

  private boolean[] keep(double[] mass, int row) {
    boolean[] keep = new boolean[mass.length];
    double sum = Arrays.stream(mass).sum();
    double held = take(keep, mass, 0) + take(keep, mass, Math.min(row, mass.length - 1));
    // Equal masses go to the lower index: the sort is stable.
    int[] order =
        IntStream.range(0, mass.length)
            .boxed()
            .sorted(Comparator.comparingDouble(c -> -mass[c]))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int c : order) {
      if (held >= share * sum) {
        break;
      }
      held += take(keep, mass, c);
    }
    return keep;
  }

  /** The mass that it adds. */
  private static double take(boolean[] keep, double[] mass, int block) {
    boolean fresh = !keep[block];
    keep[block] = true;
    return fresh ? mass[block] : 0;
  }
}
