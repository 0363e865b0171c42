package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/**
 * The half of the backward through features that belongs to keys, from the last tile to the first:
 * {@code dK = [V, 1] R + mask(G [V, 1]^T)^T Q} and {@code dV = K R^T + mask(Q K^T)^T G}, R the
 * state of the tiles of queries that see all of a tile, kept twice, as it is and transposed.
 */
final class FeatureKeyPass {
  private final AttentionProblem problem;
  private final FeatureKeys keys;
  private final FeatureQueries queries;
  private final FeaturePairs pairs;
  private final KeyGradient dk;
  private final KeyGradient dv;
  private final Matrix state;
  private final Matrix turned;
  private final Matrix weights = Matrix.scratch(EDGE);
  private final Matrix dkRows;
  private final Matrix dvRows;
  private final int depth;
  private final int width;
  private int firstHead;
  private int lastHead;

  FeatureKeyPass(
      FeatureBackward.Shared shared, FeatureKeys keys, FeatureQueries queries, FeaturePairs pairs) {
    this.problem = shared.problem();
    this.keys = keys;
    this.queries = queries;
    this.pairs = pairs;
    this.dk = shared.dk();
    this.dv = shared.dv();
    this.depth = problem.depth();
    this.width = problem.valueDepth() + 1;
    this.state = Matrix.scratch(width, depth);
    this.turned = Matrix.scratch(depth, width);
    this.dkRows = Matrix.scratch(depth);
    this.dvRows = Matrix.scratch(width);
  }

  void run(Frontier frontier, int keyHead) {
    Span span = frontier.span();
    firstHead = keyHead * (problem.heads() / problem.kvHeads());
    lastHead = firstHead + problem.heads() / problem.kvHeads();
    Arrays.fill(state.values(), 0);
    Arrays.fill(turned.values(), 0);
    int whole = span.queryTiles();
    for (int kt = span.keyTiles() - 1; kt >= 0; kt--) {
      for (; whole > 0 && frontier.wholeTiles(whole - 1) > kt; whole--) {
        absorb(span, whole - 1);
      }
      keys.load(kt);
      keys.loadAcross(kt);
      int rows = span.keysIn(kt);
      Gemm.multiply(keys.v, state, dkRows, rows, width, dkRows.rowStride(), false);
      Gemm.multiply(keys.k, turned, dvRows, rows, depth, dvRows.rowStride(), false);
      for (int tile = whole - 1; tile >= 0 && frontier.seenTiles(tile) > kt; tile--) {
        for (int h = firstHead; h < lastHead; h++) {
          partial(frontier, h, tile, kt);
        }
      }
      alone(frontier, kt);
      dk.store(span, keyHead, kt, dkRows, 1);
      dv.store(span, keyHead, kt, dvRows, 1);
    }
  }

  private void absorb(Span span, int tile) {
    int inner = span.queriesIn(tile);
    for (int h = firstHead; h < lastHead; h++) {
      queries.load(span, h, tile);
      Gemm.multiply(
          queries.g.transposed(), queries.q, state, width, inner, dkRows.rowStride(), true);
      Gemm.multiply(
          queries.q.transposed(), queries.g, turned, depth, inner, dvRows.rowStride(), true);
    }
  }

  private void partial(Frontier frontier, int h, int tile, int kt) {
    int inner = frontier.span().queriesIn(tile);
    int rows = frontier.span().keysIn(kt);
    queries.load(frontier.span(), h, tile);
    Gemm.multiply(queries.g, keys.vAcross, weights, inner, width, EDGE, false);
    frontier.mask(weights, tile, kt);
    Gemm.multiply(weights.transposed(), queries.q, dkRows, rows, inner, dkRows.rowStride(), true);
    Gemm.multiply(queries.q, keys.kAcross, weights, inner, depth, EDGE, false);
    frontier.mask(weights, tile, kt);
    Gemm.multiply(weights.transposed(), queries.g, dvRows, rows, inner, dvRows.rowStride(), true);
  }

  /** Pairs that kept out of the products: poisoned rows with all keys, poisoned keys with all. */
  private void alone(Frontier frontier, int kt) {
    if (!queries.anyPoisoned() && !keys.poisonedIn(kt)) {
      return;
    }
    Span span = frontier.span();
    for (int h = firstHead; h < lastHead; h++) {
      for (int i = 0; i < span.queries(); i++) {
        int row = queries.row(span, h, 0, i);
        boolean all = queries.isPoisoned(row);
        if (all || (queries.isClean(row) && keys.poisonedIn(kt))) {
          int last = Math.min(frontier.limit(i), kt * EDGE + span.keysIn(kt));
          for (int j = kt * EDGE; j < last; j++) {
            if (all || keys.isPoisoned(j)) {
              pair(row, j, j - kt * EDGE);
            }
          }
        }
      }
    }
  }

  private void pair(int row, int j, int r) {
    float normaliser = queries.normaliser(row);
    int outAt = queries.outAt(row);
    float dWeight =
        pairs.weightGradient(queries.dOut, outAt, keys.valueAt(j), queries.delta(row), normaliser);
    pairs.addQuery(dWeight, queries.queryAt(row), dkRows, r);
    float weight = pairs.weight(queries.queryAt(row), keys.keyAt(j)) / normaliser;
    FeaturePairs.add(weight, queries.dOut, outAt, width - 1, dvRows, r);
  }
}
