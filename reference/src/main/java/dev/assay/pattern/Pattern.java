package dev.assay.pattern;

import dev.assay.check.Require;
import dev.assay.tensor.Philox;
import java.util.Collections;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/**
 * A rule that says which pairs of n_q queries and n_k keys exist. Query i stands at position {@code
 * p = i + n_k - n_q} among the keys, so that the last query stands at the last key; every rule
 * below speaks of p and j.
 */
public sealed interface Pattern {
  /** Whether query i meets key j. */
  boolean contains(int i, int j, int queries, int keys);

  /** The pairs of this pattern at one size. */
  default Pairs at(int queries, int keys) {
    return (i, j) -> contains(i, j, queries, keys);
  }

  /** How many pairs exist. */
  default long count(int queries, int keys) {
    long pairs = 0;
    for (int i = 0; i < queries; i++) {
      for (int j = 0; j < keys; j++) {
        if (contains(i, j, queries, keys)) {
          pairs++;
        }
      }
    }
    return pairs;
  }

  /** The share of all pairs that exist; 0 where there are none. */
  default double density(int queries, int keys) {
    long all = (long) queries * keys;
    return all == 0 ? 0 : (double) count(queries, keys) / all;
  }

  /** Every pair. */
  record Dense() implements Pattern {
    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      return true;
    }
  }

  /** {@code j <= p}. */
  record Causal() implements Pattern {
    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      return j <= position(i, queries, keys);
    }
  }

  /**
   * {@code p - left <= j <= p + right}. A causal window of w keys is {@code new Window(w - 1, 0)}.
   */
  record Window(int left, int right) implements Pattern {
    /** Checks the widths. */
    public Window {
      Require.notNegative(left, "left");
      Require.notNegative(right, "right");
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      long ahead = j - position(i, queries, keys);
      return -left <= ahead && ahead <= right;
    }
  }

  /**
   * {@code j = p - t step} for t from -right to left: a window with gaps (Beltagy, Peters and
   * Cohan, "Longformer", 2020).
   */
  record Dilated(int left, int right, int step) implements Pattern {
    /** Checks widths and step. */
    public Dilated {
      Require.notNegative(left, "left");
      Require.notNegative(right, "right");
      Require.positive(step, "step");
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      long behind = position(i, queries, keys) - j;
      return behind % step == 0 && -right <= behind / step && behind / step <= left;
    }
  }

  /** Some tokens are met by all and meet all: j or p is one of them. */
  record Global(Set<Integer> tokens) implements Pattern {
    /** Copies the set. */
    public Global {
      tokens = Collections.unmodifiableSet(new TreeSet<>(tokens));
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      long position = position(i, queries, keys);
      return tokens.contains(j) || (position >= 0 && tokens.contains((int) position));
    }
  }

  /** {@code (p - j) mod stride = 0} (Child et al., "Sparse Transformer", 2019). */
  record Strided(int stride) implements Pattern {
    /** Checks the stride. */
    public Strided {
      Require.positive(stride, "stride");
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      return (position(i, queries, keys) - j) % stride == 0;
    }
  }

  /**
   * {@code j mod stride >= stride - columns}: the last columns of every stretch are met by all
   * (Child et al. 2019, "fixed").
   */
  record Fixed(int stride, int columns) implements Pattern {
    /** Checks that the columns fit in the stride. */
    public Fixed {
      Require.positive(stride, "stride");
      Require.argument(
          columns >= 0 && columns <= stride,
          "%d summary columns do not fit in a stride of %d: they must lie in 0..%d",
          columns,
          stride,
          stride);
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      return j % stride >= stride - columns;
    }
  }

  /** {@code floor(p / size) = floor(j / size)}: a token meets its own block. */
  record OwnBlock(int size) implements Pattern {
    /** Checks the size. */
    public OwnBlock {
      Require.positive(size, "size");
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      return Math.floorDiv(position(i, queries, keys), size) == j / size;
    }
  }

  /** The pairs of one map of a block mask, which fixes n_q and n_k. */
  record Blocks(BlockMask mask, int map) implements Pattern {
    /** Checks that the map exists. */
    public Blocks {
      Require.index(map, mask.maps(), "map");
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      // With as many heads as maps, a head's map is its own.
      return mask.contains(0, map, mask.maps(), i, j);
    }
  }

  /**
   * Every pair with the same probability, drawn by its coordinates (p, j) alone: the pattern of a
   * longer sequence continues that of a shorter one.
   */
  record Random(int seed, double probability) implements Pattern {
    private static final double WORDS = 0x1p32;

    /** Checks the probability. */
    public Random {
      Require.argument(
          probability >= 0 && probability <= 1,
          "probability is %s: it must lie in 0..1",
          probability);
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      long pair = position(i, queries, keys) << 32 | j;
      int word = new Philox(seed, 0, 0).words(pair)[0];
      return Integer.toUnsignedLong(word) < probability * WORDS;
    }
  }

  /** The pairs of any of the patterns. */
  record Union(List<Pattern> of) implements Pattern {
    /** Copies the list. */
    public Union {
      of = List.copyOf(of);
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      return of.stream().anyMatch(pattern -> pattern.contains(i, j, queries, keys));
    }
  }

  /** The pairs of all of the patterns. */
  record Intersect(List<Pattern> of) implements Pattern {
    /** Copies the list. */
    public Intersect {
      of = List.copyOf(of);
    }

    @Override
    public boolean contains(int i, int j, int queries, int keys) {
      return of.stream().allMatch(pattern -> pattern.contains(i, j, queries, keys));
    }
  }

  private static long position(int i, int queries, int keys) {
    return (long) i + keys - queries;
  }
}
