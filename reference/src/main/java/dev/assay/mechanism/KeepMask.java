package dev.assay.mechanism;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Ragged;
import dev.assay.plan.Window;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The 0/1 tensor [B, H, n_q, n_k] of the pairs that exist, for the ops that {@code define} is
 * written with. It asks every predicate for every pair and shares no loop with {@link
 * AttentionProblem#allows}, which the engines use, so that each can judge the other.
 */
public final class KeepMask {
  /** The rule of a mechanism itself, which a pair must satisfy besides the problem's predicates. */
  public interface Rule {
    /** Whether query i of batch entry b and head h may meet key j. */
    boolean allows(int b, int h, int i, int j);
  }

  private KeepMask() {}

  public static Tensor of(AttentionProblem problem, Rule rule) {
    int queries = problem.queries();
    int keys = problem.keys();
    Shape pairs = Shape.of(problem.batches(), problem.heads(), queries, keys);
    double[] keep = new double[pairs.size()];
    int pair = 0;
    for (int b = 0; b < problem.batches(); b++) {
      for (int h = 0; h < problem.heads(); h++) {
        for (int i = 0; i < queries; i++) {
          for (int j = 0; j < keys; j++) {
            keep[pair++] = exists(problem, b, h, i, j) && rule.allows(b, h, i, j) ? 1 : 0;
          }
        }
      }
    }
    return Tensor.adopt(pairs, keep);
  }

  /** Lengths, causal frontier, window, boolean mask and -inf in the bias. */
  public static boolean exists(AttentionProblem problem, int b, int h, int i, int j) {
    int sequence = b;
    int query = i;
    int key = j;
    Ragged packed = problem.ragged();
    if (packed != null) {
      sequence = sequenceOf(packed.cuQueries(), i);
      query = i - packed.cuQueries()[sequence];
      key = j - packed.cuKeys()[sequence];
    }
    if (query >= problem.queryLength(sequence)
        || key < 0
        || key >= problem.keyLength(sequence)
        || !reaches(problem, (long) query + problem.offset(sequence), key)) {
      return false;
    }
    Tensor mask = problem.mask();
    Tensor bias = problem.bias();
    return (mask == null || broadcast(mask, b, h, i, j) != 0)
        && (bias == null || broadcast(bias, b, h, i, j) != Double.NEGATIVE_INFINITY);
  }

  /** Whether query i meets a key in head h. */
  public static boolean meets(AttentionProblem problem, int b, int h, int i) {
    for (int j = 0; j < problem.keys(); j++) {
      if (exists(problem, b, h, i, j)) {
        return true;
      }
    }
    return false;
  }

  private static boolean reaches(AttentionProblem problem, long position, int key) {
    Window window = problem.window();
    boolean past = !problem.causal() || key <= position;
    boolean left = window == null || window.left() < 0 || key >= position - window.left();
    boolean right = window == null || window.right() < 0 || key <= position + window.right();
    return past && left && right;
  }

  private static int sequenceOf(int[] bounds, int token) {
    int sequence = 0;
    while (token >= bounds[sequence + 1]) {
      sequence++;
    }
    return sequence;
  }

  /** The element that (b, h, i, j) reads from a tensor whose extents may be 1 instead. */
  public static double broadcast(Tensor tensor, int... index) {
    int[] clipped = index.clone();
    for (int axis = 0; axis < clipped.length; axis++) {
      clipped[axis] = Math.min(clipped[axis], tensor.shape().extent(axis) - 1);
    }
    return tensor.at(clipped);
  }

  /** 1 where {@code of} is true for the coordinates of an element. */
  public static Tensor where(Shape shape, Predicate of) {
    return Tensor.generate(shape, p -> of.test(shape.index(p)) ? 1 : 0);
  }

  /** A condition on coordinates. */
  public interface Predicate {
    /** Whether it holds. */
    boolean test(int[] index);
  }

  /** A mask that lets a pair exist where the given one does, if any, and the rule does. */
  public static Tensor restrict(@Nullable Tensor mask, Shape pairs, Rule rule) {
    Shape shape = mask == null ? pairs.with(3, 1) : pairs.with(3, mask.shape().extent(3));
    return where(
        shape,
        x ->
            (mask == null || broadcast(mask, Arrays.copyOf(x, 4)) != 0)
                && rule.allows(x[0], x[1], x[2], x[3]));
  }
}
