package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.selected.DeepseekSparseAttention;
import dev.assay.nn.Heads;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** deepseek-ai/DeepSeek-V3.2-Exp, the indexer of a prefill of 20 tokens; it gives no gradients. */
class DeepseekSparseAttentionPeerTest {
  private static final double EPS = 1e-6;

  @Test
  void scores_and_selected_keys_are_those_of_the_published_indexer() throws IOException {
    PeerCase peer = PeerCase.of("dsa_indexer");
    DeepseekSparseAttention dsa =
        Settings.make(
            DeepseekSparseAttention.class,
            Settings.parse(List.of("topK=6", "rope=INTERLEAVED", "ropeDim=4")));
    Var x = peer.var("x");
    Var k = normed(peer, peer.linear("wk").of(x));
    Var any = Ops.reshape(x, Shape.of(2, 1, 20, 16));
    Inputs inputs =
        Inputs.of(
            dsa,
            peer.tape(),
            Map.of(
                "q",
                any,
                "k",
                any,
                "v",
                any,
                "q_index",
                Heads.split(peer.linear("wq_b").of(peer.var("qr")), 4),
                "k_index",
                Ops.reshape(k, Shape.of(2, 1, 20, 8)),
                "w_index",
                Ops.permute(peer.linear("weights_proj").of(x), 0, 2, 1)),
            Map.of());
    Tensor published = peer.tensor("index_score");
    Tensor visible =
        Tensor.generate(
            published.shape(), p -> Double.isInfinite(published.get(p)) ? 0 : published.get(p));
    Var scores = dsa.scores(inputs);
    peer.agrees("index_score", scores.value().reshape(2, 20, 20), visible);
    Answer answer = dsa.define(peer.tape(), inputs);
    Tensor idx = Objects.requireNonNull(answer.choices().get("idx"));
    peer.agrees("idx", decided(idx, published), decided(peer.tensor("topk_idx"), published));
  }

  private static Var normed(PeerCase peer, Var x) {
    Var centred = Ops.sub(x, Composed.mean(x, -1));
    Var variance = Composed.mean(Ops.mul(centred, centred), -1);
    Var normal = Ops.div(centred, Ops.sqrt(Ops.shift(variance, EPS)));
    Var scaled = Ops.mul(normal, peer.var("w.k_norm.weight"));
    return Ops.add(scaled, peer.var("w.k_norm.bias"));
  }

  /**
   * Which keys a row lists, [2, 20, 20]. Masked ones are none: the code lists them where there are
   * too few. So are those of score 0, for the code leaves ties to its library: in rows 8 and 18 of
   * the first entry it takes others than the lowest.
   */
  private static Tensor decided(Tensor listed, Tensor score) {
    double[] all = new double[score.size()];
    for (int p = 0; p < listed.size(); p++) {
      int key = (int) listed.get(p);
      int at = p / 6 * 20 + key;
      if (key >= 0 && !Double.isInfinite(score.get(at)) && score.get(at) != 0) {
        all[at] = 1;
      }
    }
    return Tensor.of(score.shape(), all);
  }
}
