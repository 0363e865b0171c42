package dev.assay.mechanism.selected;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Settings;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Each phi and each way to score, the conventions of published code, ragged ends and decoding. */
final class NativeSparseAttentionCases {
  private static final String[] SMALL = {
    "compressBlock=4",
    "compressStride=2",
    "selectBlock=4",
    "topN=2",
    "local=1",
    "initial=0",
    "window=2"
  };

  private NativeSparseAttentionCases() {}

  static List<Case> all() {
    return List.of(
        nsa(3701, "precise", new int[] {1, 2, 1, 11, 11, 3}).build(),
        nsa(3702, "literal-scores", new int[] {1, 2, 1, 11, 11, 3}, "scores=LITERAL").build(),
        nsa(
                3703,
                "fla",
                new int[] {1, 4, 2, 11, 11, 2},
                "compressBlock=3",
                "compressStride=3",
                "selectBlock=3",
                "gate=GIVEN")
            .remark("blocks of one size, gates as given; the last block is ragged")
            .build(),
        nsa(3704, "lucidrains", new int[] {1, 2, 1, 10, 10, 2}, LUCIDRAINS)
            .draw("phi_k_bias", Shape.of(8))
            .draw("phi_k_out_bias", Shape.of(2))
            .draw("pe_k", Shape.of(1, 4, 2))
            .draw("pe_v", Shape.of(1, 4, 2))
            .draw("mem_k", Shape.of(1, 1, 2))
            .draw("mem_v", Shape.of(1, 1, 2))
            .build(),
        nsa(3705, "weighted", new int[] {1, 2, 2, 9, 9, 2}, "phi=WEIGHTED", "initial=1", "topN=3")
            .draw("pe_v", Shape.of(2, 4, 2))
            .build(),
        nsa(3706, "linear", new int[] {1, 1, 1, 9, 9, 2}, "phi=LINEAR", "forced=BESIDES", "topN=1")
            .build(),
        nsa(3707, "both-directions", new int[] {1, 2, 1, 10, 10, 2}, "causal=false", "topN=2")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        nsa(3708, "branches-of-their-own", new int[] {1, 1, 1, 9, 9, 2})
            .draw("q_cmp", Shape.of(1, 1, 9, 2))
            .draw("k_cmp", Shape.of(1, 1, 9, 2))
            .draw("v_cmp", Shape.of(1, 1, 9, 2))
            .draw("k_win", Shape.of(1, 1, 9, 2))
            .draw("v_win", Shape.of(1, 1, 9, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        nsa(
                3713,
                "turned-windows",
                new int[] {1, 2, 1, 9, 9, 2},
                "compressedRope=HALF",
                "initial=1",
                "topN=3")
            .draw("k_cmp", Shape.of(1, 1, 9, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        nsa(3709, "shorter-than-a-window", new int[] {1, 1, 1, 3, 3, 2})
            .remark("no window exists")
            .build(),
        nsa(3710, "decoding", new int[] {2, 2, 1, 1, 11, 2}).give("k_lens", 11, 6).build(),
        nsa(3711, "given", new int[] {1, 2, 1, 6, 6, 2})
            .give("idx", Tensor.of(Shape.of(1, 1, 6, 2), 0, -1, -1, -1, 0, -1, 0, -1, 1, 0, 1, -1))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("one query selects nothing")
            .build(),
        nsa(3712, "lengths-and-more-queries", new int[] {2, 2, 2, 9, 7, 2})
            .give("q_lens", 9, 5)
            .give("k_lens", 7, 5)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("rows before every key are empty in all branches")
            .build(),
        nsa(
                3799,
                "long",
                new int[] {1, 8, 2, 2048, 2048, 64},
                "compressBlock=32",
                "compressStride=16",
                "selectBlock=64",
                "topN=16",
                "local=2",
                "initial=1",
                "window=512")
            .roles(Role.BENCH)
            .build());
  }

  /** The conventions of the code of lucidrains, with small blocks. */
  static final String[] LUCIDRAINS = {
    "forced=BESIDES",
    "topN=1",
    "window=3",
    "phi=MLP",
    "padding=LEFT",
    "visible=STRICT",
    "scores=LOGITS"
  };

  /**
   * Starts a case with all that it cannot do without.
   *
   * @param sizes B, H, H_kv, n_q, n_k, d
   */
  private static CaseBuilder nsa(int id, String name, int[] sizes, String... settings) {
    List<String> all = new ArrayList<>(List.of(SMALL));
    all.addAll(Arrays.asList(settings));
    NativeSparseAttention nsa = Settings.make(NativeSparseAttention.class, Settings.parse(all));
    CaseBuilder builder =
        Case.of(id, name, nsa)
            .qkv(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], sizes[5], sizes[5])
            .without("d_lse");
    for (String gate : NsaTensors.GATES) {
      builder.draw(gate, Shape.of(sizes[0], sizes[1], sizes[3]));
    }
    NsaTensors.phiShapes(nsa, sizes[2], sizes[5]).forEach(builder::draw);
    return builder;
  }
}
