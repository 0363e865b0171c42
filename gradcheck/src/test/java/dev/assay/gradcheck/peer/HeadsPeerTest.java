package dev.assay.gradcheck.peer;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.heads.Moh;
import dev.assay.mechanism.heads.Mosa;
import dev.assay.nn.Heads;
import dev.assay.op.Gradient;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** The mixtures of heads of MoSA and MoH. */
class HeadsPeerTest {
  private static final double WEIGHT_OF_LOSS = 0.7;

  /** The least distance of a score from the choice that fell otherwise, as the file states it. */
  private static final double MOSA_GAP = 0.011084937182639254;

  private static final double MOH_GAP = 0.029613988312831185;

  @Test
  void three_heads_take_six_of_twenty_four_tokens() throws IOException {
    PeerCase peer = PeerCase.of("mosa_pure");
    Mosa mosa = Settings.make(Mosa.class, Map.of("sparsity", "4"));
    Map<String, Var> values =
        Map.of(
            "q", projected(peer, 0),
            "k", projected(peer, 1),
            "v", projected(peer, 2),
            "x", peer.var("x"),
            "w_router", peer.var("w.r.0.weight"));
    Answer answer = peer.define(mosa, values, Map.of());
    double[] published = peer.tensor("topk_idx").toDoubles();
    for (int from = 0; from < published.length; from += 6) {
      Arrays.sort(published, from, from + 6);
    }
    peer.agrees(
        "topk_idx",
        Objects.requireNonNull(answer.choices().get("idx")),
        Tensor.of(Shape.of(2, 3, 1, 6), published));
    assertEquals(MOSA_GAP, answer.margin(), PeerCase.RELATIVE);
    Var joined = Ops.reshape(Heads.join(answer.out()), Shape.of(48, 18));
    Var projection = Ops.reshape(peer.var("w.O.W"), Shape.of(18, 12));
    peer.agrees(Ops.reshape(Ops.matMul(joined, projection), Shape.of(2, 24, 12)));
  }

  /** Queries, keys or values: part of the weights [head, channel of x, q|k|v channel]. */
  private static Var projected(PeerCase peer, int part) {
    Var weights = Ops.slice(peer.var("w.QKV.W"), 2, 6 * part, 6 * part + 6);
    Var flat = Ops.reshape(Ops.permute(weights, 1, 0, 2), Shape.of(12, 18));
    Var x = Ops.reshape(peer.var("x"), Shape.of(48, 12));
    return Heads.split(Ops.reshape(Ops.matMul(x, flat), Shape.of(2, 24, 18)), 3);
  }

  @Test
  void two_shared_heads_and_one_of_two_routed_for_each_token() throws IOException {
    PeerCase peer = PeerCase.of("moh_dit_shared2_routed1");
    Moh moh = Settings.make(Moh.class, Map.of("shared", "2", "taken", "1"));
    // A leaf of its own: its gradient is compared below, against 0.
    Var router = peer.tape().leaf("router", peer.tensor("w.wg.weight"));
    Var projected = peer.linear("qkv").of(peer.var("x"));
    Map<String, Var> values =
        Map.of(
            "q", Heads.split(Ops.slice(projected, 2, 0, 16), 4),
            "k", Heads.split(Ops.slice(projected, 2, 16, 32), 4),
            "v", Heads.split(Ops.slice(projected, 2, 32, 48), 4),
            "x", peer.var("x"),
            "w_routed", router,
            "w_shared", peer.var("w.wg_1.weight"),
            "w_level", peer.var("w.wg_0.weight"));
    Answer answer = peer.define(moh, values, Map.of());
    Tensor active = Objects.requireNonNull(answer.choices().get("active"));
    Tensor taken = Tensor.generate(Shape.of(24, 1), p -> active.at(p / 12, 1, p % 12));
    peer.agrees("topk_idx", taken, peer.tensor("topk_idx"));
    assertEquals(MOH_GAP, answer.margin(), PeerCase.RELATIVE);
    Var loss = moh.balance(Inputs.of(moh, peer.tape(), values, Map.of()));
    peer.agrees("aux_loss", Ops.reshape(loss, Shape.of()));
    Var out = peer.linear("proj").of(Heads.join(answer.out()));
    // Half of the tokens take either head, and a single gate is always 1: nothing reaches the
    // router, and what the file holds is rounding.
    peer.agreesWithLoss(out, loss, WEIGHT_OF_LOSS, "g.wg.weight");
    Var cot = peer.tape().leaf("cot", peer.tensor("cot"));
    Var one = peer.tape().leaf("one", Tensor.full(loss.shape(), WEIGHT_OF_LOSS));
    Tensor ours =
        Gradient.of(List.of(out, loss), List.of(cot, one), List.of(router)).getFirst().value();
    for (Tensor gradient : List.of(ours, peer.tensor("g.wg.weight"))) {
      for (double x : gradient.toDoubles()) {
        // What differences of equal numbers near 1 leave, summed over 24 tokens.
        assertEquals(0, x, 1e-15);
      }
    }
  }
}
