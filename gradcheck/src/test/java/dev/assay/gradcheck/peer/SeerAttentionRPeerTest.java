package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.selected.SeerAttentionR;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** microsoft/SeerAttention, the gate that is trained for decoding, with sequences of 14 and 9. */
class SeerAttentionRPeerTest {
  private static final int LONGEST = 14;

  @Test
  void scores_of_heads_that_score_apart_are_those_of_the_published_gate() throws IOException {
    PeerCase peer = PeerCase.of("seer_decode_gate_Qorig");
    SeerAttentionR seer =
        Settings.make(
            SeerAttentionR.class,
            Settings.parse(List.of("block=4", "queryHeads=QORIG", "keyPool=MAX")));
    Var k = padded(peer.var("k"));
    Tensor lengths = peer.tensor("cu_seqlens");
    Tensor each = Tensor.generate(Shape.of(2), b -> lengths.get(b + 1) - lengths.get(b));
    Inputs inputs =
        Inputs.of(
            seer,
            peer.tape(),
            Map.of(
                "q",
                padded(peer.var("q")),
                "k",
                k,
                "v",
                k,
                "w_gate_k",
                peer.var("w.attngate_linear_k.weight")),
            Map.of("q_lens", each, "k_lens", each));
    peer.agrees(seer.logits(inputs));
  }

  /**
   * Two packed sequences [23, H, d] as [2, H, 14, d]; what stands behind the second is not read.
   */
  private static Var padded(Var x) {
    Shape shape = x.shape();
    int[] tokens = new int[2 * LONGEST];
    for (int t = 0; t < tokens.length; t++) {
      tokens[t] = Math.min(t, shape.extent(0) - 1);
    }
    Shape apart = Shape.of(2, LONGEST, shape.extent(1), shape.extent(2));
    return Ops.permute(Ops.reshape(Ops.gather(x, 0, tokens), apart), 0, 2, 1, 3);
  }
}
