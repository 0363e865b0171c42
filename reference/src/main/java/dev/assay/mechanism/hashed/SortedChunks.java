package dev.assay.mechanism.hashed;

import dev.assay.mechanism.CountedKeys;
import dev.assay.mechanism.hashed.Reformer.Duplicates;
import dev.assay.mechanism.hashed.Reformer.Itself;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.Comparator;
import java.util.TreeSet;
import java.util.stream.IntStream;

/**
 * The lists of a {@link Reformer}: in each round the tokens sorted by bucket, equals by position,
 * what lies behind a length at the end; all rounds one behind the other, each cut into chunks, the
 * last of a round short.
 */
final class SortedChunks {
  private final Reformer settings;
  private final Tensor buckets;
  private final int[] lengths;
  private final int n;
  private final int chunksOfRound;

  /** place[b * H + h][round][token]: where a token stands in the list of its round. */
  private final int[][][] place;

  /** token[b * H + h][round][place]: the inverse. */
  private final int[][][] token;

  /**
   * Sorts.
   *
   * @param buckets [B, H, rounds, n]
   */
  SortedChunks(Reformer settings, Tensor buckets, int[] lengths) {
    this.settings = settings;
    this.buckets = buckets;
    this.lengths = lengths;
    Shape shape = buckets.shape();
    this.n = shape.extent(3);
    this.chunksOfRound = Math.ceilDiv(n, settings.chunk());
    int lists = shape.extent(0) * shape.extent(1);
    this.place = new int[lists][settings.rounds()][n];
    this.token = new int[lists][settings.rounds()][n];
    for (int list = 0; list < lists; list++) {
      for (int round = 0; round < settings.rounds(); round++) {
        sort(list, round);
      }
    }
  }

  private void sort(int list, int round) {
    int start = (list * settings.rounds() + round) * n;
    int length = lengths[list / buckets.shape().extent(1)];
    // The sort is stable, so that tokens of one bucket stay in their order.
    token[list][round] =
        IntStream.range(0, n)
            .boxed()
            .sorted(
                Comparator.comparingDouble(
                    t -> t < length ? buckets.get(start + t) : Double.POSITIVE_INFINITY))
            .mapToInt(Integer::intValue)
            .toArray();
    for (int at = 0; at < n; at++) {
      place[list][round][token[list][round][at]] = at;
    }
  }

  /** The number of a token's chunk, through all rounds. */
  private int chunk(int list, int round, int t) {
    return round * chunksOfRound + place[list][round][t] / settings.chunk();
  }

  /** The chunks that a chunk meets, each once, however small the circle. */
  private int[] neighbours(int chunk) {
    int all = settings.rounds() * chunksOfRound;
    TreeSet<Integer> met = new TreeSet<>();
    for (long step = -settings.before(); step <= settings.after(); step++) {
      long other = chunk + step;
      if (settings.circular()) {
        met.add((int) Math.floorMod(other, (long) all));
      } else if (Math.floorDiv(other, (long) chunksOfRound) == chunk / chunksOfRound) {
        met.add((int) other);
      }
    }
    return met.stream().mapToInt(Integer::intValue).toArray();
  }

  /** The keys of every query. */
  CountedKeys met() {
    Shape shape = buckets.shape();
    int heads = shape.extent(1);
    int[][] neighbours =
        IntStream.range(0, settings.rounds() * chunksOfRound)
            .mapToObj(this::neighbours)
            .toArray(int[][]::new);
    CountedKeys.Builder keys = new CountedKeys.Builder(Shape.of(shape.extent(0), heads, n), n);
    for (int list = 0; list < shape.extent(0) * heads; list++) {
      for (int i = 0; i < n; i++) {
        if (i < lengths[list / heads]) {
          row(keys, list, i, neighbours);
        }
        keys.endRow(settings.duplicates() == Duplicates.ONCE);
      }
    }
    return keys.build();
  }

  private void row(CountedKeys.Builder keys, int list, int i, int[][] neighbours) {
    int length = lengths[list / buckets.shape().extent(1)];
    for (int round = 0; round < settings.rounds(); round++) {
      for (int chunk : neighbours[chunk(list, round, i)]) {
        int other = chunk / chunksOfRound;
        int from = chunk % chunksOfRound * settings.chunk();
        for (int at = from; at < Math.min(from + settings.chunk(), n); at++) {
          int j = token[list][other][at];
          if (j < length && meets(list, round, i, other, j)) {
            keys.add(j);
          }
        }
      }
    }
    if (settings.itself() == Itself.LAST_RESORT && keys.different() > 1) {
      keys.remove(i);
    }
  }

  private boolean meets(int list, int round, int i, int other, int j) {
    int rows = list * settings.rounds();
    return (!settings.causal() || j <= i)
        && (settings.acrossBuckets()
            || (round == other
                && buckets.get((rows + round) * n + i) == buckets.get((rows + other) * n + j)));
  }

  /**
   * {@code -log(c_ij + 1e-9)}, c_ij the rounds whose chunks of i and j are neighbours; 0 where
   * nothing is met.
   */
  Tensor bias() {
    Shape shape = buckets.shape();
    Shape pairs = Shape.of(shape.extent(0), shape.extent(1), n, n);
    CountedKeys met = met();
    return Tensor.generate(
        pairs,
        p -> {
          int[] x = pairs.index(p);
          return met.count(x[0], x[1], x[2], x[3]) == 0
              ? 0
              : -StrictMath.log(shared(x[0] * shape.extent(1) + x[1], x[2], x[3]) + 1e-9);
        });
  }

  private int shared(int list, int i, int j) {
    int shared = 0;
    for (int round = 0; round < settings.rounds(); round++) {
      int other = chunk(list, round, j);
      shared += Arrays.binarySearch(neighbours(chunk(list, round, i)), other) >= 0 ? 1 : 0;
    }
    return shared;
  }
}
