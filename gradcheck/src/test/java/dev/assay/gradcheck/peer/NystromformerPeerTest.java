package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.lowrank.Nystromformer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The authors' Nystromformer with its "exact" start, which is one of each matrix. */
class NystromformerPeerTest {
  private static Var out(PeerCase peer, String... settings) {
    return peer.define(
            Settings.make(Nystromformer.class, Settings.parse(List.of(settings))),
            Map.of("q", peer.var("q"), "k", peer.var("k"), "v", peer.var("v")),
            Map.of())
        .out();
  }

  /** Without padding, and with 24 tokens for six landmarks, both readings are the same. */
  @ParameterizedTest
  @ValueSource(strings = {"reading=UPSTREAM", "reading=PRECISE"})
  void output_and_gradients_are_those_of_the_authors(String reading) throws IOException {
    PeerCase peer = PeerCase.of("nystrom_exact_init");
    peer.agrees(out(peer, "landmarks=6", "iterations=6", "start=PER_MATRIX", reading));
  }
}
