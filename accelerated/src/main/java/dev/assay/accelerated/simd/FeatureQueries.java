package dev.assay.accelerated.simd;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/**
 * Queries of a span and head as factors of the products of the backward, with {@code g = [dOut,
 * -delta] / normaliser}, where {@code delta = dOut . out}: so {@code dw = g . [v, 1]}.
 *
 * <p>Rows that see nothing, or whose normaliser is 0, give no gradient: they are zeros here. So are
 * rows with numbers that are not finite, which are met pair by pair ({@link FeaturePairs}).
 */
final class FeatureQueries {
  private static final byte CLEAN = 1;
  private static final byte POISONED = 2;

  /** {@code 64 x d} and {@code 64 x (d_v + 1)}, of the tile loaded last. */
  final Matrix q;

  final Matrix g;

  final float[] dOut;
  private final Rows queries;
  private final Rows cotangents;
  private final float[] out;
  private final float[] normaliser;
  private final float[] delta;
  private final byte[] kind;
  private boolean anyPoisoned;

  /** What is known of all rows of a problem, shared by all threads. */
  record Shared(float[] out, float[] dOut, float[] normaliser, float[] delta, byte[] kind) {
    static Shared of(AttentionProblem problem, float[] out, float[] dOut) {
      int rows = problem.lseShape().size();
      return new Shared(out, dOut, new float[rows], new float[rows], new byte[rows]);
    }
  }

  FeatureQueries(AttentionProblem problem, Shared shared) {
    this.queries = Rows.ofQueries(problem, problem.q().floats(), problem.depth());
    this.cotangents = Rows.ofQueries(problem, shared.dOut(), problem.valueDepth());
    this.q = Matrix.scratch(queries.width());
    this.g = Matrix.scratch(cotangents.width() + 1);
    this.out = shared.out();
    this.dOut = shared.dOut();
    this.normaliser = shared.normaliser();
    this.delta = shared.delta();
    this.kind = shared.kind();
  }

  /** Forgets the rows of another span. */
  void open() {
    anyPoisoned = false;
  }

  /** Whether a row that became known since {@link #open} is not finite. */
  boolean anyPoisoned() {
    return anyPoisoned;
  }

  /** Number of the row among all rows of the problem. */
  int row(Span span, int h, int tile, int r) {
    return queries.position(span, h, tile, r) / queries.width();
  }

  int queryAt(int row) {
    return row * queries.width();
  }

  int outAt(int row) {
    return row * cotangents.width();
  }

  boolean isClean(int row) {
    return kind[row] == CLEAN;
  }

  boolean isPoisoned(int row) {
    return kind[row] == POISONED;
  }

  float normaliser(int row) {
    return normaliser[row];
  }

  float delta(int row) {
    return delta[row];
  }

  /** Takes in the normaliser of a row that sees a key. */
  void know(int row, float sum) {
    if (sum == 0) {
      return;
    }
    int at = outAt(row);
    normaliser[row] = sum;
    delta[row] = FeaturePairs.dot(dOut, at, out, at, cotangents.width());
    boolean finite =
        Float.isFinite(sum)
            && Float.isFinite(delta[row] / sum)
            && Factor.finite(queries.values(), queryAt(row), queries.width())
            && finiteQuotients(row);
    kind[row] = finite ? CLEAN : POISONED;
    anyPoisoned |= !finite;
  }

  private boolean finiteQuotients(int row) {
    boolean finite = true;
    for (int c = 0; c < cotangents.width(); c++) {
      finite &= Float.isFinite(dOut[outAt(row) + c] / normaliser[row]);
    }
    return finite;
  }

  /** Fills {@link #q} as it is, whatever it holds. */
  void loadAll(Span span, int h, int tile) {
    queries.load(span, h, tile, q, 1);
  }

  /** Fills {@link #q} and {@link #g}. */
  void load(Span span, int h, int tile) {
    loadAll(span, h, tile);
    for (int r = 0; r < span.queriesIn(tile); r++) {
      int row = row(span, h, tile, r);
      if (isClean(row)) {
        cotangent(row, g.row(r));
      } else {
        Arrays.fill(q.values(), q.row(r), q.row(r) + queries.width(), 0);
        Arrays.fill(g.values(), g.row(r), g.row(r) + cotangents.width() + 1, 0);
      }
    }
  }

  private void cotangent(int row, int into) {
    float[] to = g.values();
    int at = outAt(row);
    for (int c = 0; c < cotangents.width(); c++) {
      to[into + c] = dOut[at + c] / normaliser[row];
    }
    to[into + cotangents.width()] = -delta[row] / normaliser[row];
  }
}
