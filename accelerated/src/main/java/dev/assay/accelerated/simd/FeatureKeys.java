package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.BitSet;

/**
 * Keys and values of a span and key head as factors of products. A value has a channel more than it
 * has in the tensor, which holds 1: so the sum of the weights is one more channel of the sum of the
 * weighted values.
 *
 * <p>Sums over tiles meet keys that a row does not see, and states mix the channels of keys, so
 * that infinity would become NaN. Therefore a key with a number in k or v that is not finite is a
 * row of zeros here, and whoever sees it meets it alone: see {@link FeaturePairs}.
 */
final class FeatureKeys {
  /** {@code 64 x d} and {@code 64 x (d_v + 1)}, of the tile loaded last. */
  final Matrix k;

  final Matrix v;

  /** The same with rows and columns exchanged, of the tile laid across last. */
  final Matrix kAcross;

  final Matrix vAcross;

  private final Rows keys;
  private final Rows values;
  private final BitSet poisoned = new BitSet();
  private Span span;
  private int head;

  FeatureKeys(AttentionProblem problem, Span span, int head) {
    this.keys = Rows.ofKeys(problem, problem.k().floats(), problem.depth());
    this.values = Rows.ofKeys(problem, problem.v().floats(), problem.valueDepth());
    this.k = Matrix.scratch(keys.width());
    this.v = Matrix.scratch(values.width() + 1);
    this.kAcross = Matrix.scratch(keys.width(), EDGE);
    this.vAcross = Matrix.scratch(values.width() + 1, EDGE);
    this.span = span;
    this.head = head;
  }

  /** Moves to the keys of a span and key head. */
  void open(Span ofSpan, int keyHead) {
    span = ofSpan;
    head = keyHead;
    poisoned.clear();
    for (int j = 0; j < span.keys(); j++) {
      if (!Factor.finite(keys.values(), keyAt(j), keys.width())
          || !Factor.finite(values.values(), valueAt(j), values.width())) {
        poisoned.set(j);
      }
    }
  }

  /** The first key from j on, counted in the span, that is not finite, or -1. */
  int poisoned(int j) {
    return poisoned.nextSetBit(j);
  }

  boolean isPoisoned(int j) {
    return poisoned.get(j);
  }

  /** Whether a tile has a key that is not finite. */
  boolean poisonedIn(int tile) {
    return next(tile, 0) >= 0;
  }

  /** Where the j-th key of the span begins. */
  int keyAt(int j) {
    return keys.position(span, head, 0, j);
  }

  /** Where the j-th value of the span begins. */
  int valueAt(int j) {
    return values.position(span, head, 0, j);
  }

  /** Fills {@link #k} and {@link #v}. */
  void load(int tile) {
    keys.load(span, head, tile, k, 1);
    values.load(span, head, tile, v, 1);
    for (int r = 0; r < span.keysIn(tile); r++) {
      v.values()[v.row(r) + values.width()] = 1;
    }
    for (int j = next(tile, 0); j >= 0; j = next(tile, j + 1)) {
      for (int c = 0; c < keys.width(); c++) {
        k.values()[k.row(j) + c] = 0;
      }
      for (int c = 0; c <= values.width(); c++) {
        v.values()[v.row(j) + c] = 0;
      }
    }
  }

  /** Fills {@link #kAcross} and {@link #vAcross}. */
  void loadAcross(int tile) {
    keys.loadAcross(span, head, tile, kAcross, 1);
    values.loadAcross(span, head, tile, vAcross, 1);
    for (int r = 0; r < EDGE; r++) {
      vAcross.values()[vAcross.row(values.width()) + r] = r < span.keysIn(tile) ? 1 : 0;
    }
    for (int j = next(tile, 0); j >= 0; j = next(tile, j + 1)) {
      for (int c = 0; c < keys.width(); c++) {
        kAcross.values()[kAcross.row(c) + j] = 0;
      }
      for (int c = 0; c <= values.width(); c++) {
        vAcross.values()[vAcross.row(c) + j] = 0;
      }
    }
  }

  /** The first key of the tile, from its r-th on, that is not finite, or -1. */
  private int next(int tile, int r) {
    int found = poisoned.nextSetBit(tile * EDGE + r) - tile * EDGE;
    return found < r || found >= span.keysIn(tile) ? -1 : found;
  }
}
