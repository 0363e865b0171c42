package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.BlockLocal;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** The package local-attention: windows of six tokens, one block back. */
class BlockLocalPeerTest {
  @Test
  void local_attention_sees_its_own_block_and_the_one_before() throws IOException {
    PeerCase peer = PeerCase.of("lucid_local_causal");
    Mechanism local = Settings.make(BlockLocal.class, Map.of("block", "6", "causal", "true"));
    Map<String, Var> values = Map.of("q", peer.var("q"), "k", peer.var("k"), "v", peer.var("v"));
    peer.agrees(peer.define(local, values, Map.of()).out());
  }
}
