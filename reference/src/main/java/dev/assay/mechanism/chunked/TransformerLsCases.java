package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Both orders and widths of the norms, both directions of time, either part alone, lengths. */
final class TransformerLsCases {
  private TransformerLsCases() {}

  static List<Case> all() {
    return List.of(
        longShort(2481, "separate", 8, 2).build(),
        longShort(2482, "chained", 8, 2, "order=CHAINED").build(),
        Case.of(2483, "each-head", TransformerLs.class, "segment=3", "reach=3", "norm=EACH_HEAD")
            .qkv(1, 2, 2, 8, 8, 2, 2)
            .draw("p", Shape.of(1, 2, 8, 3))
            .draw("ln_l_weight", Shape.of(2))
            .draw("ln_s_bias", Shape.of(2))
            .remark("n is no multiple of the segment")
            .build(),
        longShort(2484, "causal", 9, 1, "causal=true", "chunk=3", "norm=NONE")
            .remark("the first chunk sees no compressed key")
            .build(),
        longShort(2485, "causal-complete", 8, 2, "causal=true", "chunk=3", "visible=COMPLETE")
            .remark("the last chunk is never finished")
            .build(),
        longShort(2486, "lengths", 7, 2)
            .give("q_lens", 7, 3)
            .give("k_lens", 7, 3)
            .plant("k", Double.NaN, p -> p / 28 == 1 && p / 2 % 7 >= 3)
            .plant("v", Double.NaN, p -> p / 28 == 1 && p / 2 % 7 >= 3)
            .plant("p", Double.NaN, p -> p / 28 == 1 && p / 2 % 7 >= 3)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths is neither compressed nor normalised")
            .build(),
        longShort(2487, "near-alone", 6, 1).without("p").remark("no compressed key").build(),
        longShort(2488, "compressed-alone", 6, 2, "segment=0", "norm=NONE")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        Case.of(2489, "grouped-decode", TransformerLs.class, "segment=3", "causal=true", "chunk=2")
            .qkv(2, 4, 2, 2, 7, 2, 2)
            .draw("p", Shape.of(2, 2, 7, 1))
            .give("q_lens", 2, 1)
            .give("k_lens", 7, 5)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the last queries alone")
            .build(),
        longShort(2493, "empty", 5, 2, "norm=NONE")
            .give("q_lens", 5, 5)
            .give("k_lens", 5, 0)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("batch entry 1 has no key, and so no compressed one")
            .build(),
        Case.of(2494, "long", TransformerLs.class, "segment=64", "chunk=16", "causal=true")
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .draw("p", Shape.of(1, 4, 1024, 1))
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder longShort(int id, String name, int n, int rank, String... settings) {
    List<String> all = new ArrayList<>(List.of("segment=4"));
    all.addAll(List.of(settings));
    CaseBuilder built =
        Case.of(id, name, TransformerLs.class, all.toArray(String[]::new))
            .qkv(2, 2, 2, n, n, 2, 2)
            .draw("p", Shape.of(2, 2, n, rank));
    for (String parameter : List.of("ln_l_weight", "ln_l_bias", "ln_s_weight", "ln_s_bias")) {
      built.draw(parameter, Shape.of(4));
    }
    return built;
  }
}
