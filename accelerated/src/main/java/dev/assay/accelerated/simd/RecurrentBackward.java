package dev.assay.accelerated.simd;

import static dev.assay.accelerated.simd.Tile.EDGE;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.Gradients;
import dev.assay.plan.RecurrentPlan;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;
import java.util.function.IntConsumer;
import org.jspecify.annotations.Nullable;

/**
 * Gradients of a linear recurrence. A run forward keeps what every token writes, and the state
 * every 64 tokens; then chunks of 64 tokens from the last to the first have their states made again
 * from there and are walked back: see {@link RecurrentChunk}. Memory: 64 states, and a state for
 * every 64 tokens.
 *
 * <p>A task is a span and key head; an object is the scratch memory of one thread.
 */
final class RecurrentBackward implements IntConsumer {
  private final Shared shared;
  private final RecurrentRows rows;
  private final RecurrentChunk chunk;

  private RecurrentBackward(Shared shared) {
    this.shared = shared;
    this.rows = shared.rows();
    this.chunk = new RecurrentChunk(shared);
  }

  /** What all threads share. */
  record Shared(
      RecurrentRows rows,
      List<Span> spans,
      float[] dOut,
      float[] dq,
      KeyGradient dk,
      KeyGradient dv,
      float[] dDecay,
      float[] dBeta) {}

  static Gradients run(AttentionProblem problem, RecurrentPlan plan, Tensor dOut, Workers workers) {
    List<Span> spans = Span.of(problem);
    Tensor decay = plan.decay();
    Tensor beta = plan.beta();
    Shared shared =
        new Shared(
            RecurrentRows.of(problem, plan),
            spans,
            dOut.floats(),
            new float[problem.q().size()],
            new KeyGradient(problem, problem.k(), spans),
            new KeyGradient(problem, problem.v(), spans),
            new float[decay == null ? 0 : decay.size()],
            new float[beta == null ? 0 : beta.size()]);
    workers.run(spans.size() * problem.kvHeads(), () -> new RecurrentBackward(shared));
    return Gradients.of(
            Tensor.adopt(problem.q().shape(), shared.dq()),
            shared.dk().finish(),
            shared.dv().finish())
        .and("d_decay", like(decay, shared.dDecay()))
        .and("d_beta", like(beta, shared.dBeta()));
  }

  private static @Nullable Tensor like(@Nullable Tensor tensor, float[] gradient) {
    return tensor == null ? null : Tensor.adopt(tensor.shape(), gradient);
  }

  @Override
  public void accept(int task) {
    int keyHeads = rows.problem().kvHeads();
    Span span = shared.spans().get(task / keyHeads);
    int keyHead = task % keyHeads;
    float[][] checkpoints = new float[span.keyTiles()][];
    float[] written = new float[span.keys() * rows.problem().valueDepth()];
    chunk.open(span, keyHead, written);
    float[] state = chunk.zeros();
    for (int t = 0; t < span.keys(); t++) {
      if (t % EDGE == 0) {
        checkpoints[t / EDGE] = state.clone();
      }
      chunk.forward(state, t);
    }
    float[] cotangent = state;
    Arrays.fill(cotangent, 0);
    for (int tile = span.keyTiles() - 1; tile >= 0; tile--) {
      chunk.back(tile, checkpoints[tile], cotangent);
    }
  }
}
