package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/**
 * The half of the backward through features that belongs to queries: their normalisers again, and
 * {@code dQ = G T + mask(G [V, 1]^T) K}, T the state of whole tiles of keys.
 */
final class FeatureQueryPass {
  private final AttentionProblem problem;
  private final float guard;
  private final FeatureKeys keys;
  private final FeatureQueries queries;
  private final FeaturePairs pairs;
  private final Rows dq;
  private final RowDots dots = new RowDots();
  private final Matrix state;
  private final Matrix weights = Matrix.scratch(EDGE);
  private final Matrix sums;
  private final float[] keySum;
  private final float[] normalisers = new float[EDGE];
  private final int[] queryAt = new int[EDGE];
  private final int width;

  FeatureQueryPass(
      FeatureBackward.Shared shared, FeatureKeys keys, FeatureQueries queries, FeaturePairs pairs) {
    this.problem = shared.problem();
    this.guard = shared.guard();
    this.keys = keys;
    this.queries = queries;
    this.pairs = pairs;
    this.dq = Rows.ofQueries(problem, shared.dq(), problem.depth());
    this.width = problem.valueDepth() + 1;
    this.state = Matrix.scratch(width, problem.depth());
    this.sums = Matrix.scratch(problem.depth());
    this.keySum = new float[problem.depth()];
  }

  void run(Frontier frontier, int keyHead) {
    Span span = frontier.span();
    int group = problem.heads() / problem.kvHeads();
    Arrays.fill(state.values(), 0);
    int whole = 0;
    for (int tile = 0; tile < span.queryTiles(); tile++) {
      for (; whole < frontier.wholeTiles(tile); whole++) {
        keys.load(whole);
        int inner = span.keysIn(whole);
        Gemm.multiply(keys.v.transposed(), keys.k, state, width, inner, sums.rowStride(), true);
      }
      // The last row of the state is the sum of the keys, for the last channel of a value is 1.
      System.arraycopy(state.values(), state.row(width - 1), keySum, 0, keySum.length);
      for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
        normalise(frontier, h, tile);
        rows(frontier, h, tile);
      }
    }
  }

  private void normalise(Frontier frontier, int h, int tile) {
    Span span = frontier.span();
    int rows = span.queriesIn(tile);
    queries.loadAll(span, h, tile);
    for (int r = 0; r < rows; r++) {
      queryAt[r] = queries.q.row(r);
    }
    dots.dots(keySum, queries.q.values(), queryAt, rows, problem.depth(), normalisers);
    for (int kt = frontier.wholeTiles(tile); kt < frontier.seenTiles(tile); kt++) {
      keys.loadAcross(kt);
      Gemm.multiply(queries.q, keys.kAcross, weights, rows, problem.depth(), EDGE, false);
      for (int r = 0; r < rows; r++) {
        for (int j = 0; j < frontier.limit(tile, r, kt); j++) {
          normalisers[r] += weights.values()[weights.row(r) + j];
        }
      }
    }
    for (int r = 0; r < rows; r++) {
      int limit = frontier.limit(tile * EDGE + r);
      int row = queries.row(span, h, tile, r);
      for (int j = keys.poisoned(0); j >= 0 && j < limit; j = keys.poisoned(j + 1)) {
        normalisers[r] += pairs.weight(queries.queryAt(row), keys.keyAt(j));
      }
      if (limit > 0) {
        queries.know(row, normalisers[r] + guard);
      }
    }
  }

  private void rows(Frontier frontier, int h, int tile) {
    Span span = frontier.span();
    int rows = span.queriesIn(tile);
    queries.load(span, h, tile);
    Gemm.multiply(queries.g, state, sums, rows, width, sums.rowStride(), false);
    for (int kt = frontier.wholeTiles(tile); kt < frontier.seenTiles(tile); kt++) {
      keys.loadAcross(kt);
      keys.load(kt);
      Gemm.multiply(queries.g, keys.vAcross, weights, rows, width, EDGE, false);
      frontier.mask(weights, tile, kt);
      Gemm.multiply(weights, keys.k, sums, rows, span.keysIn(kt), sums.rowStride(), true);
    }
    for (int r = 0; r < rows; r++) {
      alone(queries.row(span, h, tile, r), frontier.limit(tile * EDGE + r), r);
    }
    dq.store(span, h, tile, sums, 1);
  }

  /** Pairs that kept out of the products: all of a poisoned row, else those of poisoned keys. */
  private void alone(int row, int limit, int r) {
    boolean all = queries.isPoisoned(row);
    if (!all && !queries.isClean(row)) {
      return;
    }
    int j = all ? 0 : keys.poisoned(0);
    while (j >= 0 && j < limit) {
      float dWeight =
          pairs.weightGradient(
              queries.dOut,
              queries.outAt(row),
              keys.valueAt(j),
              queries.delta(row),
              queries.normaliser(row));
      pairs.addKey(dWeight, keys.keyAt(j), sums, r);
      j = all ? j + 1 : keys.poisoned(j + 1);
    }
  }
}
