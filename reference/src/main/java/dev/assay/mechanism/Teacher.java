package dev.assay.mechanism;

import dev.assay.check.Require;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;

/**
 * How a map of dense attention becomes the target of a gate that learns from it: reduced over keys,
 * queries and heads in this order, then divided by the sum of each row. Sources: Gao et al.,
 * "SeerAttention" (2024), maxima over blocks of keys and queries; "SeerAttention-R" (2025), over
 * blocks of keys and the heads of a group; DeepSeek-AI, "DeepSeek-V3.2-Exp" (2025), the sum over
 * heads.
 *
 * @param keys over each block of keys
 * @param rows over each block of queries
 * @param heads over each group of heads
 * @param block tokens in a block, at least 1
 * @param group heads in a group, at least 1
 */
public record Teacher(Reduction keys, Reduction rows, Reduction heads, int block, int group) {
  /** Added to the sums that published code divides by. */
  public static final double GUARD = 1e-9;

  /** What becomes of several numbers. */
  public enum Reduction {
    /** They stay apart. */
    NONE,
    MAX,
    MEAN,
    SUM
  }

  /** Checks the sizes. */
  public Teacher {
    Require.positive(block, "block");
    Require.positive(group, "group");
  }

  /** Maxima over square blocks, head by head. */
  public static Teacher blocks(int block) {
    return new Teacher(Reduction.MAX, Reduction.MAX, Reduction.NONE, block, 1);
  }

  /** Maxima over blocks of keys and the heads of a group, query by query. */
  public static Teacher decoding(int block, int group) {
    return new Teacher(Reduction.MAX, Reduction.NONE, Reduction.MAX, block, group);
  }

  /** Sums over all heads, token by token. */
  public static Teacher tokens(int heads) {
    return new Teacher(Reduction.NONE, Reduction.NONE, Reduction.SUM, 1, heads);
  }

  /** The attention mass of square blocks: what a choice of blocks keeps. */
  public static Teacher mass(int block) {
    return new Teacher(Reduction.SUM, Reduction.MEAN, Reduction.NONE, block, 1);
  }

  /**
   * The target.
   *
   * @param attention weights [B, H, n_q, n_k], 0 where a pair does not exist
   * @param guard added to the sum of each row before it is divided: 0 or {@link #GUARD}
   * @return probabilities; a constant, so that no gradient reaches the teacher
   */
  public Tensor of(Tensor attention, double guard) {
    return normalised(pooled(attention), guard);
  }

  /** The same on some entries alone: 1 in {@code keep}, in the shape of the target. */
  public Tensor of(Tensor attention, Tensor keep, double guard) {
    return restricted(pooled(attention), keep, guard);
  }

  private Tensor pooled(Tensor attention) {
    Tensor pooled = reduce(reduce(attention, 3, keys, block), 2, rows, block);
    return reduce(pooled, 1, heads, group);
  }

  /** A target on some entries alone, divided by its sum there. */
  public static Tensor restricted(Tensor target, Tensor keep, double guard) {
    return normalised(Tensor.generate(target.shape(), e -> keep.get(e) * target.get(e)), guard);
  }

  private static Tensor reduce(Tensor x, int axis, Reduction how, int size) {
    if (how == Reduction.NONE) {
      return x;
    }
    int extent = x.shape().extent(axis);
    Shape shape = x.shape().with(axis, Math.ceilDiv(extent, size));
    return Tensor.generate(
        shape,
        p -> {
          int[] at = shape.index(p);
          int from = at[axis] * size;
          int to = Math.min(from + size, extent);
          double sum = 0;
          double largest = Double.NEGATIVE_INFINITY;
          for (at[axis] = from; at[axis] < to; at[axis]++) {
            sum += x.at(at);
            largest = Math.max(largest, x.at(at));
          }
          return how == Reduction.MAX ? largest : how == Reduction.SUM ? sum : sum / (to - from);
        });
  }

  /** Rows divided by their sum and a guard; what sums to 0 stays 0. */
  private static Tensor normalised(Tensor x, double guard) {
    int width = x.shape().extent(-1);
    double[] sums = new double[x.size() / Math.max(1, width)];
    Arrays.fill(sums, guard);
    for (int p = 0; p < x.size(); p++) {
      sums[p / width] += x.get(p);
    }
    return Tensor.generate(x.shape(), p -> sums[p / width] > 0 ? x.get(p) / sums[p / width] : 0);
  }
}
