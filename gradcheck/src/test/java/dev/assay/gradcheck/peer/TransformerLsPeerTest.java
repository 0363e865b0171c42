package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.chunked.TransformerLs;
import dev.assay.nn.Heads;
import dev.assay.op.Rotary.Layout;
import java.io.IOException;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** Long-short attention as its authors and as lucidrains wrote it, both in both directions. */
class TransformerLsPeerTest {
  private static final int HEADS = 2;

  /** As the files of both state. */
  private static final double RELATIVE = 1e-9;

  @Test
  void the_authors_layer_for_the_long_range_arena_agrees() throws IOException {
    PeerCase peer = PeerCase.of("tls_lra_basic", RELATIVE);
    TransformerLs ls =
        Settings.make(
            TransformerLs.class, Map.of("segment", "4", "norm", "ALL_HEADS", "order", "CHAINED"));
    Var x = peer.var("x");
    Var heads =
        peer.define(
                ls,
                Map.of(
                    "q", Heads.split(peer.linear("W_q").of(x), HEADS),
                    "k", Heads.split(peer.linear("W_k").of(x), HEADS),
                    "v", Heads.split(peer.linear("W_v").of(x), HEADS),
                    "p", Heads.split(peer.linear("dconv_fc").of(x), HEADS),
                    "ln_l_weight", peer.var("w.dual_ln_l.weight"),
                    "ln_l_bias", peer.var("w.dual_ln_l.bias"),
                    "ln_s_weight", peer.var("w.dual_ln_s.weight"),
                    "ln_s_bias", peer.var("w.dual_ln_s.bias")),
                Map.of())
            .out();
    peer.agrees(peer.linear("W_o").of(Heads.join(heads)));
  }

  /**
   * Keys and values are one projection, turned by their positions as the queries are. Its rotary
   * frequencies are stored as a weight whose gradient is none in the peer, and written as zeros.
   */
  @Test
  void the_layer_of_lucidrains_agrees() throws IOException {
    PeerCase peer = PeerCase.of("lucid_longshort_noncausal", RELATIVE);
    TransformerLs ls =
        Settings.make(
            TransformerLs.class,
            Map.of("segment", "6", "reach", "6", "norm", "EACH_HEAD", "order", "SEPARATE"));
    RotaryAngles angles = new RotaryAngles(Layout.INTERLEAVED, 10000, 6, null, null);
    Var x = peer.var("x");
    Var q = angles.turn(Heads.split(peer.linear("to_q").of(x), HEADS), (b, i) -> i);
    Var kv = angles.turn(Heads.split(peer.linear("to_kv").of(x), HEADS), (b, j) -> j);
    Var heads =
        peer.define(
                ls,
                Map.of(
                    "q", q,
                    "k", kv,
                    "v", kv,
                    "p", peer.linear("to_dynamic_proj").of(kv),
                    "ln_l_weight", peer.var("w.local_norm.weight"),
                    "ln_l_bias", peer.var("w.local_norm.bias"),
                    "ln_s_weight", peer.var("w.global_norm.weight"),
                    "ln_s_bias", peer.var("w.global_norm.bias")),
                Map.of())
            .out();
    Var out = peer.linear("to_out").of(Heads.join(heads));
    peer.agrees(out, "g.pos_emb.r.freqs");
  }
}
