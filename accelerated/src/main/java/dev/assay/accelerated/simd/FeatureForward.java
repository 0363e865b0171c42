package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.FeaturePlan;
import dev.assay.plan.Forward;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;

/**
 * Attention through features in linear time: a state {@code S = sum_j k_j [v_j, 1]^T} over the
 * tiles of keys that all queries of a tile see, and pairs only for the one or two tiles that the
 * causal frontier cuts (Katharopoulos et al., "Transformers are RNNs", 2020, in chunks):
 *
 * <pre>
 * [numerator, sum] = Q S + mask(Q K^T) [V, 1]        out = numerator / (sum + guard)
 * </pre>
 *
 * <p>A task is a span and key head, its tiles in order; an object is the scratch memory of one
 * thread.
 */
final class FeatureForward implements IntConsumer {
  private final AttentionProblem problem;
  private final float guard;
  private final List<Span> spans;
  private final Rows out;
  private final Rows queries;
  private final FeatureKeys keys;
  private final FeaturePairs pairs;
  private final Matrix state;
  private final Matrix q;
  private final Matrix weights = Matrix.scratch(EDGE);
  private final Matrix sums;
  private final int channels;

  private FeatureForward(AttentionProblem problem, float guard, List<Span> spans, float[] out) {
    this.problem = problem;
    this.guard = guard;
    this.spans = spans;
    this.channels = problem.valueDepth();
    this.out = Rows.ofQueries(problem, out, channels);
    this.queries = Rows.ofQueries(problem, problem.q().floats(), problem.depth());
    this.keys = new FeatureKeys(problem, spans.getFirst(), 0);
    this.pairs = new FeaturePairs(problem);
    this.state = Matrix.scratch(problem.depth(), channels + 1);
    this.q = Matrix.scratch(problem.depth());
    this.sums = Matrix.scratch(channels + 1);
  }

  static Forward run(AttentionProblem problem, FeaturePlan plan, Workers workers) {
    List<Span> spans = Span.of(problem);
    float[] out = new float[problem.outShape().size()];
    float guard = (float) plan.guard();
    workers.run(
        spans.size() * problem.kvHeads(), () -> new FeatureForward(problem, guard, spans, out));
    return new Forward(Tensor.adopt(problem.outShape(), out), null);
  }

  @Override
  public void accept(int task) {
    Span span = spans.get(task / problem.kvHeads());
    int keyHead = task % problem.kvHeads();
    Frontier frontier = Frontier.of(problem, span);
    int group = problem.heads() / problem.kvHeads();
    keys.open(span, keyHead);
    Arrays.fill(state.values(), 0);
    int whole = 0;
    for (int tile = 0; tile < span.queryTiles(); tile++) {
      for (; whole < frontier.wholeTiles(tile); whole++) {
        keys.load(whole);
        int inner = span.keysIn(whole);
        Gemm.multiply(
            keys.k.transposed(), keys.v, state, problem.depth(), inner, sums.rowStride(), true);
      }
      for (int h = keyHead * group; h < (keyHead + 1) * group; h++) {
        rows(frontier, h, tile);
      }
    }
  }

  private void rows(Frontier frontier, int h, int tile) {
    Span span = frontier.span();
    int rows = span.queriesIn(tile);
    queries.load(span, h, tile, q, 1);
    Gemm.multiply(q, state, sums, rows, problem.depth(), sums.rowStride(), false);
    for (int kt = frontier.wholeTiles(tile); kt < frontier.seenTiles(tile); kt++) {
      keys.loadAcross(kt);
      keys.load(kt);
      Gemm.multiply(q, keys.kAcross, weights, rows, problem.depth(), EDGE, false);
      frontier.mask(weights, tile, kt);
      Gemm.multiply(weights, keys.v, sums, rows, span.keysIn(kt), sums.rowStride(), true);
    }
    for (int r = 0; r < rows; r++) {
      int limit = frontier.limit(tile * EDGE + r);
      if (limit > 0) {
        int queryAt = queries.position(span, h, tile, r);
        for (int j = keys.poisoned(0); j >= 0 && j < limit; j = keys.poisoned(j + 1)) {
          pairs.addValue(queryAt, keys.keyAt(j), keys.valueAt(j), sums, r);
        }
        finish(sums.row(r), out.position(span, h, tile, r));
      }
    }
  }

  private void finish(int from, int to) {
    float normaliser = sums.values()[from + channels] + guard;
    for (int c = 0; c < channels && normaliser != 0; c++) {
      out.values()[to + c] = sums.values()[from + c] / normaliser;
    }
  }
}
