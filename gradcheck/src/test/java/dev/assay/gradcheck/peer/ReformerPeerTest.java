package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.Mechanism;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.hashed.Reformer;
import dev.assay.nn.Heads;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** LSH attention of transformers and of reformer-pytorch. */
class ReformerPeerTest {
  /** The files state it: four rounds of logits that are sums of differences. */
  private static final double STATED = 1e-9;

  @Test
  void four_rounds_of_two_hashes_as_in_transformers() throws IOException {
    PeerCase peer = PeerCase.of("hf_reformer_lsh_dec_h4_factor", STATED);
    Mechanism lsh = reformer("chunk=8", "rounds=4", "buckets=4", "secondBuckets=4", "causal=true");
    Var q = Heads.split(peer.linear("query_key").of(peer.var("x")), 2);
    Var v = Heads.split(peer.linear("value").of(peer.var("x")), 2);
    Answer answer =
        peer.define(lsh, Map.of("q", q, "v", v), Map.of("rotations", peer.tensor("rotations")));
    peer.agrees("buckets", throughRounds(answer, 16), peer.tensor("buckets"));
    peer.agrees(Heads.join(answer.out()));
  }

  @Test
  void four_rounds_as_in_reformer_pytorch() throws IOException {
    PeerCase peer = PeerCase.of("lucid_reformer_causal_h4", STATED);
    Mechanism lsh = reformer("chunk=4", "rounds=4", "buckets=8", "norm=UNIT", "causal=true");
    Shape oneHead = Shape.of(2, 1, 32, 8);
    Var q = Ops.reshape(peer.var("qk"), oneHead);
    Var v = Ops.reshape(peer.var("v"), oneHead);
    Answer answer =
        peer.define(lsh, Map.of("q", q, "v", v), Map.of("rotations", peer.tensor("rotations")));
    Tensor buckets = throughRounds(answer, 8);
    peer.agrees("buckets", buckets.reshape(2, 128), peer.tensor("buckets"));
    peer.agrees(Ops.reshape(answer.out(), Shape.of(2, 32, 8)));
  }

  /** Buckets as both projects number them: those of the next round follow. */
  private static Tensor throughRounds(Answer answer, int each) {
    Tensor buckets = Objects.requireNonNull(answer.choices().get("buckets"));
    return Tensor.generate(
        buckets.shape(), p -> buckets.get(p) + each * buckets.shape().index(p)[2]);
  }

  private static Mechanism reformer(String... settings) {
    return Settings.make(Reformer.class, Settings.parse(List.of(settings)));
  }
}
