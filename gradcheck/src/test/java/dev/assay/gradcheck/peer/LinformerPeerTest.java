package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.lowrank.Linformer;
import dev.assay.nn.Heads;
import dev.assay.op.Ops;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The package linformer: one pair of projections for all heads, stored as [n_max, r]. */
class LinformerPeerTest {
  private static final int HEADS = 3;

  @Test
  void output_and_gradients_are_those_of_the_package() throws IOException {
    PeerCase peer = PeerCase.of("lucid_linformer");
    Var x = peer.var("x");
    Var attended =
        peer.define(
                Settings.defaults(Linformer.class),
                Map.of(
                    "q", Heads.split(peer.linear("to_q").of(x), HEADS),
                    "k", Heads.split(peer.linear("to_k").of(x), HEADS),
                    "v", Heads.split(peer.linear("to_v").of(x), HEADS),
                    "e", Ops.transpose(peer.var("w.proj_k")),
                    "f", Ops.transpose(peer.var("w.proj_v"))),
                Map.of())
            .out();
    peer.agrees(peer.linear("to_out").of(Heads.join(attended)));
  }
}
