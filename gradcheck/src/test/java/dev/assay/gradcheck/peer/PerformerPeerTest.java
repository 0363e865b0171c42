package dev.assay.gradcheck.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.linear.Performer;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** performer-pytorch: causal attention through rectified features, with its guard in the sums. */
class PerformerPeerTest {
  private static final String NAME = "lucid_performer_relu_causal";

  private static Performer performer(String... settings) {
    return Settings.make(Performer.class, Settings.parse(List.of(settings)));
  }

  private static Var out(PeerCase peer, Performer performer) {
    return peer.define(
            performer,
            Map.of("q", peer.var("q"), "k", peer.var("k"), "v", peer.var("v")),
            Map.of("projection", peer.tensor("projection")))
        .out();
  }

  @Test
  void the_precise_constants_give_something_else() throws IOException {
    PeerCase peer = PeerCase.of(NAME);
    Var precise = out(peer, performer("kernel=RELU", "causal=true"));
    double difference = 0;
    for (int p = 0; p < precise.value().size(); p++) {
      difference =
          Math.max(difference, Math.abs(precise.value().get(p) - peer.tensor("out").get(p)));
    }
    // Kernels of another size against the same floor of 1e-3: far beyond any rounding.
    assertTrue(difference > 1e-3, "largest difference " + difference);
  }
}
