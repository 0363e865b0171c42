package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Lanes.LANES;
import static dev.assay.accelerated.simd.Lanes.SPECIES;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Forward;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import jdk.incubator.vector.FloatVector;

/**
 * A linear recurrence token by token. Columns of the state (channels of v) never meet, so two
 * vectors of them at a time are taken through a token: one pass over the rows decays them and makes
 * {@code S^T k}, another adds {@code beta k u^T} and reads {@code S^T q}; the state stays in the
 * first cache. No sum crosses lanes.
 *
 * <p>A task is a span and key head; an object is the scratch memory of one thread.
 */
final class RecurrentForward implements IntConsumer {
  private final RecurrentRows rows;
  private final List<Span> spans;
  private final float[] out;
  private final Matrix state;
  private final float[] value;
  private final float[] result;
  private final int depth;
  private final int channels;

  private RecurrentForward(RecurrentRows rows, List<Span> spans, float[] out) {
    this.rows = rows;
    this.spans = spans;
    this.out = out;
    this.depth = rows.problem().depth();
    this.channels = rows.problem().valueDepth();
    this.state = Matrix.scratch(depth, channels);
    this.value = new float[state.rowStride()];
    this.result = new float[state.rowStride()];
  }

  static Forward run(AttentionProblem problem, RecurrentPlan plan, Workers workers) {
    RecurrentRows rows = RecurrentRows.of(problem, plan);
    List<Span> spans = Span.of(problem);
    float[] out = new float[problem.outShape().size()];
    workers.run(spans.size() * problem.kvHeads(), () -> new RecurrentForward(rows, spans, out));
    return new Forward(Tensor.adopt(problem.outShape(), out), null);
  }

  @Override
  public void accept(int task) {
    int keyHeads = rows.problem().kvHeads();
    Span span = spans.get(task / keyHeads);
    Arrays.fill(state.values(), 0);
    for (int t = 0; t < span.keys(); t++) {
      token(span, task % keyHeads, t);
    }
  }

  private void token(Span span, int keyHead, int t) {
    int keyRow = rows.keyRow(span, keyHead, t);
    int stepRow = rows.stepRow(span, keyHead, t);
    float step = rows.step(stepRow);
    System.arraycopy(rows.v(), keyRow * channels, value, 0, channels);
    for (int c = 0; c < value.length; c += Matrix.PAIR) {
      forget(c, keyRow * depth, stepRow * depth);
      write(c, keyRow * depth, step);
    }
    for (int h = keyHead * rows.group(); h < (keyHead + 1) * rows.group(); h++) {
      int queryRow = rows.queryRow(span, h, t);
      for (int c = 0; c < result.length; c += Matrix.PAIR) {
        read(c, queryRow * depth);
      }
      System.arraycopy(result, 0, out, queryRow * channels, channels);
    }
  }

  /** {@code S = diag(a) S}, and for the delta rules {@code value = v - S^T k}, in two vectors. */
  private void forget(int c, int keyAt, int decayAt) {
    float[] decay = rows.decay();
    boolean delta = rows.beta() != null;
    if (decay == null && !delta) {
      return;
    }
    float[] s = state.values();
    float[] k = rows.k();
    FloatVector u0 = FloatVector.fromArray(SPECIES, value, c);
    FloatVector u1 = FloatVector.fromArray(SPECIES, value, c + LANES);
    for (int r = 0; r < depth; r++) {
      int at = state.row(r) + c;
      FloatVector s0 = FloatVector.fromArray(SPECIES, s, at);
      FloatVector s1 = FloatVector.fromArray(SPECIES, s, at + LANES);
      if (decay != null) {
        s0 = s0.mul(decay[decayAt + r]);
        s1 = s1.mul(decay[decayAt + r]);
        s0.intoArray(s, at);
        s1.intoArray(s, at + LANES);
      }
      if (delta) {
        FloatVector key = FloatVector.broadcast(SPECIES, -k[keyAt + r]);
        u0 = key.fma(s0, u0);
        u1 = key.fma(s1, u1);
      }
    }
    u0.intoArray(value, c);
    u1.intoArray(value, c + LANES);
  }

  /** {@code S = S + step k value^T}, in two vectors. */
  private void write(int c, int keyAt, float step) {
    float[] s = state.values();
    float[] k = rows.k();
    FloatVector u0 = FloatVector.fromArray(SPECIES, value, c);
    FloatVector u1 = FloatVector.fromArray(SPECIES, value, c + LANES);
    for (int r = 0; r < depth; r++) {
      int at = state.row(r) + c;
      FloatVector key = FloatVector.broadcast(SPECIES, step * k[keyAt + r]);
      key.fma(u0, FloatVector.fromArray(SPECIES, s, at)).intoArray(s, at);
      key.fma(u1, FloatVector.fromArray(SPECIES, s, at + LANES)).intoArray(s, at + LANES);
    }
  }

  /** {@code result = scale S^T q}, in two vectors. */
  private void read(int c, int queryAt) {
    float[] s = state.values();
    float[] q = rows.q();
    FloatVector o0 = FloatVector.zero(SPECIES);
    FloatVector o1 = FloatVector.zero(SPECIES);
    for (int r = 0; r < depth; r++) {
      int at = state.row(r) + c;
      FloatVector query = FloatVector.broadcast(SPECIES, rows.scale() * q[queryAt + r]);
      o0 = query.fma(FloatVector.fromArray(SPECIES, s, at), o0);
      o1 = query.fma(FloatVector.fromArray(SPECIES, s, at + LANES), o1);
    }
    o0.intoArray(result, c);
    o1.intoArray(result, c + LANES);
  }
}
