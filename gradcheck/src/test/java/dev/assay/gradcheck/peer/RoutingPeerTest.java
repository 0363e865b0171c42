package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.hashed.Centroids;
import dev.assay.mechanism.hashed.RoutingTransformer;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The routed attention of routing-transformer, with its loss and one step of its centroids. */
class RoutingPeerTest {
  private static final int WINDOW = 8;
  private static final double COMMITMENT = 0.1;
  private static final double WEIGHT_OF_LOSS = 0.7;
  private static final double DECAY = 0.9;

  @Test
  void four_clusters_with_a_memory_each_and_the_step_of_their_centroids() throws IOException {
    PeerCase peer = PeerCase.of("lucid_routing_causal");
    RoutingTransformer routing =
        Settings.make(
            RoutingTransformer.class,
            Settings.parse(
                List.of("window=" + WINDOW, "norm=UNIT", "causal=true", "countEps=1e-5")));
    Tensor means = peer.tensor("means");
    Map<String, Var> values =
        Map.of(
            "q", peer.var("q"),
            "k", peer.var("k"),
            "v", peer.var("v"),
            "mem_k", peer.var("w.mem_key"),
            "mem_v", peer.var("w.mem_value"));
    Answer answer = peer.define(routing, values, Map.of("means", means));
    for (String side : List.of("q", "k")) {
      Tensor found = Objects.requireNonNull(answer.choices().get("idx_" + side));
      peer.agrees("indices_" + side, found, ascending(peer.tensor("indices_" + side)));
    }
    Inputs inputs = Inputs.of(routing, peer.tape(), values, Map.of("means", means));
    Tensor next = Centroids.next(routing.routed(inputs), means);
    peer.agrees("new_means", next, peer.tensor("new_means"));
    peer.agrees(
        "means_after_ema", Centroids.moved(means, next, DECAY), peer.tensor("means_after_ema"));
    Var loss = Ops.scale(routing.commitment(inputs), COMMITMENT);
    peer.agrees("aux_loss", Ops.reshape(loss, Shape.of()));
    peer.agreesWithLoss(answer.out(), loss, WEIGHT_OF_LOSS);
  }

  /** The peer's lists, in the order of their scores, as ours. */
  private static Tensor ascending(Tensor indices) {
    double[] lists = indices.toDoubles();
    for (int from = 0; from < lists.length; from += WINDOW) {
      Arrays.sort(lists, from, from + WINDOW);
    }
    return Tensor.adopt(Shape.of(2, 2, 4, WINDOW), lists);
  }
}
