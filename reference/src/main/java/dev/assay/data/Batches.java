package dev.assay.data;

import dev.assay.check.Require;
import dev.assay.tensor.Philox;
import java.util.Arrays;

/**
 * Which examples a step is shown: all of them in a new order each epoch, a function of seed and
 * step alone. The last few of an epoch that fill no batch are left out of it.
 *
 * @param examples how many there are
 * @param size examples of a batch
 * @param seed which orders
 */
public record Batches(int examples, int size, int seed) {
  /** Checks the sizes. */
  public Batches {
    Require.argument(
        size > 0 && size <= examples, "a batch of %d out of %d examples", size, examples);
  }

  /** The examples of a step. */
  public int[] of(int step) {
    int perEpoch = examples / size;
    int from = step % perEpoch * size;
    return Arrays.copyOfRange(order(examples, seed, step / perEpoch), from, from + size);
  }

  /** The numbers 0 to n - 1 in an order of their own for each seed and epoch. */
  public static int[] order(int n, int seed, int epoch) {
    Philox generator = new Philox(seed, 0x0DDE, epoch);
    int[] order = new int[n];
    for (int i = 0; i < n; i++) {
      order[i] = i;
    }
    for (int i = n - 1; i > 0; i--) {
      long word = Integer.toUnsignedLong(generator.words(i)[0]);
      int j = (int) ((word * (i + 1)) >>> 32);
      int held = order[i];
      order[i] = order[j];
      order[j] = held;
    }
    return order;
  }

  /** Sequences cut or filled with {@link Vocabulary#PAD} to one length. */
  public static int[][] padded(int[][] sequences, int length) {
    int[][] padded = new int[sequences.length][];
    for (int b = 0; b < sequences.length; b++) {
      padded[b] = Arrays.copyOf(sequences[b], length);
    }
    return padded;
  }
}
