package dev.assay.gradcheck.peer;

import dev.assay.autograd.Var;
import dev.assay.mechanism.Answer;
import dev.assay.mechanism.RotaryAngles;
import dev.assay.mechanism.Settings;
import dev.assay.mechanism.selected.NativeSparseAttention;
import dev.assay.nn.Heads;
import dev.assay.nn.Linear;
import dev.assay.op.Composed;
import dev.assay.op.Ops;
import dev.assay.op.Rotary;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.Arrays;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.IntPredicate;
import org.junit.jupiter.api.Test;

/**
 * Published native sparse attention: the kernels' reference of fla, and the layer of lucidrains.
 */
class NativeSparseAttentionPeerTest {

  @Test
  void fla_selects_and_gives_the_same_with_its_own_block_forced() throws IOException {
    PeerCase peer = PeerCase.of("fla_nsa_gqa_partial");
    NativeSparseAttention fla =
        nsa(
            "compressBlock=4",
            "compressStride=4",
            "selectBlock=4",
            "topN=3",
            "initial=0",
            "local=1",
            "window=5",
            "gate=GIVEN");
    Map<String, Var> values = new HashMap<>();
    for (String name : List.of("q", "k", "v")) {
      values.put(name, Ops.permute(peer.var(name), 0, 2, 1, 3));
    }
    values.put("g_cmp", Ops.permute(peer.var("g_cmp"), 0, 2, 1));
    values.put("g_slc", Ops.permute(peer.var("g_slc"), 0, 2, 1));
    values.put("g_win", Ops.permute(peer.var("g_swa"), 0, 2, 1));
    Answer answer = peer.define(fla, values, Map.of());
    Tensor published = peer.tensor("block_indices");
    peer.agrees("idx", idx(answer), turned(sorted(published, p -> published.get(p) >= 0)));
    peer.agrees(Ops.permute(answer.out(), 0, 2, 1, 3));
  }

  /** [B, n, H_kv, S] as [B, H_kv, n, S]. */
  private static Tensor turned(Tensor x) {
    Shape shape = x.shape();
    Shape other = Shape.of(shape.extent(0), shape.extent(2), shape.extent(1), shape.extent(3));
    return Tensor.generate(
        other,
        p -> {
          int[] at = other.index(p);
          return x.at(at[0], at[2], at[1], at[3]);
        });
  }

  @Test
  void lucidrains_selects_and_gives_the_same_from_its_input_to_its_output() throws IOException {
    PeerCase peer = PeerCase.of("lucid_nsa_causal_gqa_overlap", 1e-9);
    NativeSparseAttention lucidrains =
        nsa(
            "compressBlock=4",
            "compressStride=2",
            "selectBlock=4",
            "topN=2",
            "initial=0",
            "local=1",
            "forced=BESIDES",
            // Its window of 4 leaves out the query's own key.
            "window=5",
            "phi=MLP",
            "padding=LEFT",
            "visible=STRICT",
            "scores=LOGITS");
    Var x = Composed.rmsNorm(peer.var("x"), Math.ulp(1.0));
    Var normed = Ops.mul(x, peer.var("w.norm.weight"));
    Var qkv = peer.linear("to_qkv").of(normed);
    Var q = Heads.split(Ops.slice(qkv, 2, 0, 16), 4);
    Var k = Heads.split(Ops.slice(qkv, 2, 16, 24), 2);
    RotaryAngles angles = new RotaryAngles(Rotary.Layout.INTERLEAVED, 10000, 4, null, null);
    Map<String, Var> values = new HashMap<>(phi(peer));
    values.put("q", angles.turn(q, (b, i) -> i));
    values.put("k", angles.turn(k, (b, i) -> i));
    values.put("v", Heads.split(Ops.slice(qkv, 2, 24, 32), 2));
    values.put("q_cmp", q);
    values.put("k_cmp", k);
    gates(peer.linear("to_strategy_combine.0").of(normed), values);
    Answer answer = peer.define(lucidrains, values, Map.of());
    Var out = peer.linear("combine_heads").of(Heads.join(answer.out()));
    peer.agrees("idx", idx(answer), withOwnBlock(peer));
    // The frequencies are no parameter of the forward: torch has no gradient of them.
    peer.agrees(out, "g.rotary_emb.freqs");
  }

  private static Map<String, Var> phi(PeerCase peer) {
    Map<String, Var> values = new HashMap<>();
    for (String which : List.of("k", "v")) {
      values.put("pe_" + which, peer.var("w." + which + "_intrablock_positions"));
      Linear first = peer.linear(which + "_compress.1");
      Linear second = peer.linear(which + "_compress.3");
      values.put("phi_" + which, first.weight());
      values.put("phi_" + which + "_bias", Objects.requireNonNull(first.bias()));
      values.put("phi_" + which + "_out", second.weight());
      values.put("phi_" + which + "_out_bias", Objects.requireNonNull(second.bias()));
      int slot = which.equals("k") ? 0 : 1;
      Var memory = Ops.slice(peer.var("w.compress_mem_kv"), 0, slot, slot + 1);
      values.put("mem_" + which, Ops.reshape(memory, Shape.of(2, 1, 4)));
    }
    return values;
  }

  /** Its logits [B, n, (h s)] with s = compressed, fine, sliding. */
  private static void gates(Var logits, Map<String, Var> values) {
    Shape apart = Shape.of(2, 30, 4, 3);
    Var turned = Ops.permute(Ops.reshape(logits, apart), 3, 0, 2, 1);
    List<String> names = List.of("g_cmp", "g_slc", "g_win");
    for (int s = 0; s < 3; s++) {
      Var one = Ops.slice(turned, 0, s, s + 1);
      values.put(names.get(s), Ops.reshape(one, Shape.of(2, 4, 30)));
    }
  }

  /** Its selected blocks, those with a value above the floor, and the query's own. */
  private static Tensor withOwnBlock(PeerCase peer) {
    Tensor selected = peer.tensor("selected_idx");
    Tensor value = peer.tensor("selected_values");
    Shape shape = selected.shape().with(3, 3);
    Tensor both =
        Tensor.generate(
            shape,
            p -> {
              int[] at = shape.index(p);
              if (at[3] == 2) {
                return Math.floorDiv(at[2], 4);
              }
              return value.at(at) > 1e-10 ? selected.at(at) : -1;
            });
    return sorted(both, p -> both.get(p) >= 0);
  }

  private static NativeSparseAttention nsa(String... settings) {
    return Settings.make(NativeSparseAttention.class, Settings.parse(List.of(settings)));
  }

  private static Tensor idx(Answer answer) {
    return Objects.requireNonNull(answer.choices().get("idx"));
  }

  /** Each list ascending, and -1 behind what counts. */
  private static Tensor sorted(Tensor lists, IntPredicate counts) {
    int width = lists.shape().extent(-1);
    double[] all = new double[lists.size()];
    Arrays.setAll(all, p -> counts.test(p) ? lists.get(p) : Double.POSITIVE_INFINITY);
    for (int row = 0; row < all.length; row += width) {
      Arrays.sort(all, row, row + width);
    }
    return Tensor.generate(lists.shape(), p -> Double.isInfinite(all[p]) ? -1 : all[p]);
  }
}
