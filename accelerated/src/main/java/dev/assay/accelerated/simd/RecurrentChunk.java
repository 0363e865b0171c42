package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import java.util.Arrays;

/**
 * Tokens of a recurrence, forward and back, on states transposed. With S the state after a token, B
 * that before it, a the decay, {@code u = v - (diag(a) B)^T k} (or v) and Z the cotangent of S:
 *
 * <pre>
 * dq = scale S dOut            Z += scale q dOut^T (all heads of the group)
 * dbeta = k . Z u              du = Z^T (beta k)       dk = beta Z u - a (B du) (second: delta rules)
 * dv = du                      Z -= k du^T (delta rules)      da_r = sum_c Z_rc B_rc    Z = diag(a) Z
 * </pre>
 */
final class RecurrentChunk {
  private final RecurrentBackward.Shared shared;
  private final RecurrentRows rows;
  private final TurnedState turned;
  private final float[][] states;
  private final Matrix dkRows;
  private final Matrix dvRows;
  private final float[] key;
  private final float[] steppedKey;
  private final float[] along;
  private final float[] residual;
  private final float[] dResidual;
  private final int depth;
  private final int channels;
  private Span span;
  private int keyHead;
  private float[] written;

  RecurrentChunk(RecurrentBackward.Shared shared) {
    AttentionProblem problem = shared.rows().problem();
    this.shared = shared;
    this.rows = shared.rows();
    this.depth = problem.depth();
    this.channels = problem.valueDepth();
    this.turned = new TurnedState(channels, depth);
    this.states = new float[EDGE + 1][channels * depth];
    this.dkRows = Matrix.scratch(depth);
    this.dvRows = Matrix.scratch(channels);
    this.key = new float[depth];
    this.steppedKey = new float[depth];
    this.along = new float[depth];
    this.residual = new float[channels];
    this.dResidual = new float[channels];
    this.span = shared.spans().getFirst();
    this.written = residual;
  }

  float[] zeros() {
    return turned.zeros();
  }

  /**
   * Moves to a span and key head.
   *
   * @param ofTokens room for u of every token
   */
  void open(Span ofSpan, int ofKeyHead, float[] ofTokens) {
    span = ofSpan;
    keyHead = ofKeyHead;
    written = ofTokens;
  }

  /** Takes a state through a token and keeps what the token writes. */
  void forward(float[] state, int t) {
    load(t);
    System.arraycopy(rows.v(), rows.keyRow(span, keyHead, t) * channels, residual, 0, channels);
    decay(state, t);
    if (rows.beta() != null) {
      turned.dots(state, key, dResidual);
      for (int c = 0; c < channels; c++) {
        residual[c] -= dResidual[c];
      }
    }
    System.arraycopy(residual, 0, written, t * channels, channels);
    turned.addOuter(state, residual, steppedKey);
  }

  /** Walks back through the tokens of a tile; the cotangent is that of the state behind it. */
  void back(int tile, float[] before, float[] cotangent) {
    int tokens = span.keysIn(tile);
    states[0] = before;
    for (int r = 0; r < tokens; r++) {
      System.arraycopy(states[r], 0, states[r + 1], 0, before.length);
      load(tile * EDGE + r);
      decay(states[r + 1], tile * EDGE + r);
      turned.addOuter(states[r + 1], residual, steppedKey);
    }
    for (int r = tokens - 1; r >= 0; r--) {
      int t = tile * EDGE + r;
      load(t);
      backThroughReads(states[r + 1], cotangent, t);
      backThroughWrite(states[r], cotangent, t, r);
      backThroughDecay(states[r], cotangent, t);
    }
    shared.dk().store(span, keyHead, tile, dkRows, 1);
    shared.dv().store(span, keyHead, tile, dvRows, 1);
  }

  /** The token's key, the same times beta, and u if it is known. */
  private void load(int t) {
    float step = rows.step(rows.stepRow(span, keyHead, t));
    System.arraycopy(rows.k(), rows.keyRow(span, keyHead, t) * depth, key, 0, depth);
    for (int r = 0; r < depth; r++) {
      steppedKey[r] = step * key[r];
    }
    System.arraycopy(written, t * channels, residual, 0, channels);
  }

  private void decay(float[] state, int t) {
    float[] decay = rows.decay();
    if (decay != null) {
      turned.decay(state, decay, rows.stepRow(span, keyHead, t) * depth);
    }
  }

  private void backThroughReads(float[] state, float[] cotangent, int t) {
    for (int h = keyHead * rows.group(); h < (keyHead + 1) * rows.group(); h++) {
      int row = rows.queryRow(span, h, t);
      System.arraycopy(shared.dOut(), row * channels, dResidual, 0, channels);
      Arrays.fill(along, 0);
      turned.addRows(state, dResidual, along);
      for (int r = 0; r < depth; r++) {
        shared.dq()[row * depth + r] = rows.scale() * along[r];
        along[r] = rows.scale() * rows.q()[row * depth + r];
      }
      turned.addOuter(cotangent, dResidual, along);
    }
  }

  private void backThroughWrite(float[] before, float[] cotangent, int t, int r) {
    int stepRow = rows.stepRow(span, keyHead, t);
    float step = rows.step(stepRow);
    boolean delta = rows.beta() != null;
    float[] dk = dkRows.values();
    Arrays.fill(along, 0);
    turned.addRows(cotangent, residual, along);
    for (int c = 0; c < depth; c++) {
      dk[dkRows.row(r) + c] = step * along[c];
    }
    if (delta) {
      shared.dBeta()[stepRow] = FeaturePairs.dot(key, 0, along, 0, depth);
    }
    turned.dots(cotangent, steppedKey, dResidual);
    System.arraycopy(dResidual, 0, dvRows.values(), dvRows.row(r), channels);
    if (delta) {
      Arrays.fill(along, 0);
      turned.addRows(before, dResidual, along);
      float[] decay = rows.decay();
      for (int c = 0; c < depth; c++) {
        float factor = decay == null ? 1 : decay[stepRow * depth + c];
        dk[dkRows.row(r) + c] -= factor * along[c];
        key[c] = -key[c];
      }
      turned.addOuter(cotangent, dResidual, key);
    }
  }

  private void backThroughDecay(float[] before, float[] cotangent, int t) {
    if (rows.decay() != null) {
      int at = rows.stepRow(span, keyHead, t) * depth;
      turned.products(before, cotangent, shared.dDecay(), at);
      decay(cotangent, t);
    }
  }
}
