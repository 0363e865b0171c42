package dev.assay.gradcheck.peer;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.fixed.BigBird;
import dev.assay.nn.Heads;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** BigBird of Hugging Face, with the random blocks that it drew, from the hidden states on. */
class BigBirdPeerTest {
  private static final int HEADS = 2;

  @Test
  void hugging_face_gathers_a_multiset_of_blocks() throws IOException {
    PeerCase peer = PeerCase.of("hf_bigbird_r1");
    Mechanism bird = Settings.make(BigBird.class, Map.of("reading", "MULTISET", "block", "4"));
    Map<String, Var> values = new HashMap<>();
    values.put("q", projected(peer, "query"));
    values.put("k", projected(peer, "key"));
    values.put("v", projected(peer, "value"));
    // Padded queries are multiplied by 0 there: a row of its own for each of them is empty here.
    Tensor valid = peer.tensor("mask");
    int n = valid.shape().extent(1);
    Tensor pairs =
        Tensor.generate(
            Shape.of(valid.shape().extent(0), 1, n, n),
            p -> valid.get(p / (n * n) * n + p / n % n) * valid.get(p / (n * n) * n + p % n));
    Map<String, Tensor> choices = Map.of("idx", peer.tensor("rand_attn"), "mask", pairs);
    peer.agrees(Heads.join(peer.define(bird, values, choices).out()));
  }

  @Test
  void its_random_blocks_come_from_where_the_plan_says() throws IOException {
    Tensor drawn = PeerCase.of("hf_bigbird_r1").tensor("rand_attn");
    for (int p = 0; p < drawn.size(); p++) {
      int row = drawn.shape().index(p)[1] + 1;
      double column = drawn.get(p);
      assertTrue(column >= 1 && column <= 5 && Math.abs(column - row) > 1, row + ": " + column);
    }
  }

  private static Var projected(PeerCase peer, String layer) {
    return Heads.split(peer.linear(layer).of(peer.var("x")), HEADS);
  }
}
