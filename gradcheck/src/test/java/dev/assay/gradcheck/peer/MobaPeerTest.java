package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.selected.Moba;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** MoonshotAI/MoBA, moba_naive: one sequence of 32 tokens in chunks of 8, two places. */
class MobaPeerTest {
  private static final Moba MOBA =
      new Moba(8, 2, Moba.OwnBlock.COUNTED, Moba.Decoding.SPARSE, true, 0);

  @Test
  void outputs_chosen_chunks_and_gradients_are_those_of_the_published_code() throws IOException {
    PeerCase peer = PeerCase.of("moba_single");
    Answer answer =
        peer.define(
            MOBA,
            Map.of("q", heads(peer.var("q")), "k", heads(peer.var("k")), "v", heads(peer.var("v"))),
            Map.of());
    Tensor gate = peer.tensor("gate0");
    Tensor published = peer.tensor("topk_idx0");
    int places = published.shape().extent(2);
    double[] sorted = new double[published.size()];
    for (int row = 0; row < sorted.length; row += places) {
      for (int e = 0; e < places; e++) {
        int chunk = (int) published.get(row + e);
        int at = row / places * gate.shape().extent(2) + chunk;
        // A chunk of the future is no choice: it stands behind the others, as -1 does there.
        sorted[row + e] = gate.get(at) == Double.NEGATIVE_INFINITY ? Integer.MAX_VALUE : chunk;
      }
      Arrays.sort(sorted, row, row + places);
    }
    Tensor expected =
        Tensor.generate(
            Shape.of(1, 2, 32, places), p -> sorted[p] == Integer.MAX_VALUE ? -1 : sorted[p]);
    peer.agrees("idx", Objects.requireNonNull(answer.choices().get("idx")), expected);
    peer.agrees(tokens(answer.out()));
  }

  /** [n, H, d] as [1, H, n, d]. */
  private static Var heads(Var x) {
    Shape shape = x.shape();
    return Ops.reshape(
        Ops.permute(x, 1, 0, 2), Shape.of(1, shape.extent(1), shape.extent(0), shape.extent(2)));
  }

  /** [1, H, n, d] as [n, H, d]. */
  private static Var tokens(Var x) {
    Shape shape = x.shape();
    return Ops.permute(
        Ops.reshape(x, Shape.of(shape.extent(1), shape.extent(2), shape.extent(3))), 1, 0, 2);
  }
}
