package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.LongNet;
import dev.assay.nn.Heads;
import dev.assay.op.Gradient;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** microsoft/torchscale: segments of 8 and 16, ratios 1 and 2, four heads, causal. */
class LongNetPeerTest {
  private static final int HEADS = 4;

  private static Var out(PeerCase peer, String weights) {
    LongNet net =
        Settings.make(
            LongNet.class,
            Map.of(
                "segments", "8,16",
                "ratios", "1,2",
                "offsets", "HEAD_GROUPS",
                "filling", "ZERO_KEYS",
                "weights", weights,
                "causal", "true"));
    Var x = peer.var("x");
    Var q = Heads.split(peer.linear("q_proj").of(x), HEADS);
    Var k = Heads.split(peer.linear("k_proj").of(x), HEADS);
    Var v = Heads.split(peer.linear("v_proj").of(x), HEADS);
    Var heads = peer.define(net, Map.of("q", q, "k", k, "v", v), Map.of()).out();
    return peer.linear("out_proj").of(Heads.join(heads));
  }

  @Test
  void its_gradient_is_that_of_constant_weights() throws IOException {
    PeerCase peer = PeerCase.of("longnet_causal_2cfg");
    peer.agrees(out(peer, "DETACHED"));
  }

  @Test
  void the_true_gradient_is_that_of_the_output() throws IOException {
    PeerCase peer = PeerCase.of("longnet_causal_2cfg");
    Var out = out(peer, "DIFFERENTIATED");
    peer.agrees("out", out);
    List<String> names = new ArrayList<>(List.of("x"));
    for (String layer : List.of("q_proj", "k_proj", "v_proj", "out_proj")) {
      names.add("w." + layer + ".weight");
      names.add("w." + layer + ".bias");
    }
    Var cot = peer.tape().leaf("cot", peer.tensor("cot"));
    List<Var> found =
        Gradient.of(List.of(out), List.of(cot), names.stream().map(peer::var).toList());
    for (int g = 0; g < names.size(); g++) {
      String name = names.get(g);
      peer.agrees("true_" + (g == 0 ? "d_x" : "g." + name.substring(2)), found.get(g));
    }
  }
}
