package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.TransformerXl;
import dev.assay.nn.Heads;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * kimiyoung/transformer-xl: three heads, a memory of ten tokens, layer norm before the projections.
 * The peer's own function lets a gradient into the memory, as this one does.
 */
class TransformerXlPeerTest {
  private static final int HEADS = 3;
  private static final int QUERIES = 10;
  private static final int WIDTH = 12;

  @Test
  void output_and_gradients_agree() throws IOException {
    PeerCase peer = PeerCase.of("txl_pre_mem");
    Var segment = peer.var("w_in");
    Var tokens = batchFirst(Ops.concat(0, peer.var("mem"), segment));
    Var qkv = peer.linear("qkv_net").of(normalised(peer, tokens));
    int keys = tokens.shape().extent(1);
    Var q = Ops.slice(Ops.slice(qkv, 2, 0, WIDTH), 1, keys - QUERIES, keys);
    Var k = Ops.slice(qkv, 2, WIDTH, 2 * WIDTH);
    Var v = Ops.slice(qkv, 2, 2 * WIDTH, 3 * WIDTH);
    Var r = Heads.split(batchFirst(peer.linear("r_net").of(peer.var("r"))), HEADS);
    TransformerXl xl = Settings.make(TransformerXl.class, Map.of("order", "DESCENDING"));
    Var heads =
        peer.define(
                xl,
                Map.of(
                    "q", Heads.split(q, HEADS),
                    "k", Heads.split(k, HEADS),
                    "v", Heads.split(v, HEADS),
                    "r", Ops.reshape(r, Shape.of(HEADS, keys, WIDTH / HEADS)),
                    "r_w_bias", peer.var("r_w_bias"),
                    "r_r_bias", peer.var("r_r_bias")),
                Map.of())
            .out();
    Var out = batchFirst(peer.linear("o_net").of(Heads.join(heads)));
    peer.agrees(Ops.add(segment, out));
  }

  /** [n, B, c] as [B, n, c], and back. */
  private static Var batchFirst(Var x) {
    return Ops.permute(x, 1, 0, 2);
  }

  private static Var normalised(PeerCase peer, Var x) {
    Var centred = Ops.sub(x, Composed.mean(x, -1));
    Var variance = Composed.mean(Ops.mul(centred, centred), -1);
    Var unit = Ops.div(centred, Ops.sqrt(Ops.shift(variance, 1e-5)));
    return Ops.add(Ops.mul(unit, peer.var("w.layer_norm.weight")), peer.var("w.layer_norm.bias"));
  }
}
