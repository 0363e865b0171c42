package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.Longformer;
import dev.assay.nn.Heads;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Longformer's two published implementations, from the hidden states on. */
class LongformerPeerTest {
  @Test
  void hugging_face_counts_both_sides_of_the_window() throws IOException {
    agrees("hf_longformer_global_w2", 4, Map.of("counting", "TOTAL", "window", "4"));
  }

  @Test
  void the_authors_code_counts_one_side() throws IOException {
    agrees("allenai_longformer_sliding_chunks", 2, Map.of("counting", "ONE_SIDED", "window", "4"));
  }

  private static void agrees(String name, int heads, Map<String, String> settings)
      throws IOException {
    PeerCase peer = PeerCase.of(name);
    Mechanism longformer = Settings.make(Longformer.class, settings);
    Map<String, Var> values = new HashMap<>();
    values.put("q", projected(peer, "query", heads));
    values.put("k", projected(peer, "key", heads));
    values.put("v", projected(peer, "value", heads));
    values.put("q_global", projected(peer, "query_global", heads));
    values.put("k_global", projected(peer, "key_global", heads));
    values.put("v_global", projected(peer, "value_global", heads));
    // -10000 is padding, 0 an ordinary token, 10000 a global one.
    Tensor marks = peer.tensor("attention_mask");
    Shape shape = marks.shape();
    Tensor global = Tensor.generate(shape, p -> marks.get(p) > 0 ? 1 : 0);
    Tensor valid = Tensor.generate(shape, p -> marks.get(p) < 0 ? 0 : 1);
    int n = shape.extent(1);
    Tensor pairs =
        Tensor.generate(
            Shape.of(shape.extent(0), 1, n, n),
            p -> valid.get(p / (n * n) * n + p / n % n) * valid.get(p / (n * n) * n + p % n));
    Map<String, Tensor> choices = Map.of("global", global, "mask", pairs);
    peer.agrees(Heads.join(peer.define(longformer, values, choices).out()));
  }

  private static Var projected(PeerCase peer, String layer, int heads) {
    return Heads.split(peer.linear(layer).of(peer.var("x")), heads);
  }
}
