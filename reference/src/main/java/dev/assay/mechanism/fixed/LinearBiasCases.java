package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Cases of {@link Dense} with linear biases. */
final class LinearBiasCases {
  private LinearBiasCases() {}

  static List<Case> all() {
    return List.of(
        alibi(2401, "alibi", "causal=true").qkv(1, 2, 2, 6, 6, 4, 4).build(),
        alibi(2402, "alibi-three-heads")
            .qkv(1, 3, 3, 5, 5, 2, 2)
            .remark("in both directions; three heads take the slopes of two and of four")
            .build(),
        Case.of(2403, "alibi-key-position", Dense.class, "alibi=KEY_POSITION", "causal=true")
            .qkv(1, 2, 1, 6, 6, 4, 4)
            .remark("the LSE is not that of the distance")
            .build(),
        alibi(2404, "alibi-decode", "causal=true")
            .qkv(2, 2, 1, 2, 6, 4, 4)
            .give("q_lens", 2, 1)
            .give("k_lens", 6, 4)
            .remark("queries stand behind the keys they have not seen")
            .build(),
        alibi(2405, "alibi-bias-and-mask", "softcap=2")
            .qkv(1, 2, 2, 5, 5, 3, 3)
            .draw("bias", Shape.of(1, 2, 1, 5))
            .plant("bias", Double.NEGATIVE_INFINITY, p -> p == 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 5, 5), x -> x[2] != 1))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the gradient of the given bias is summed over the rows; row 1 is empty")
            .build(),
        alibi(2406, "alibi-packed", "causal=true", "rope=HALF")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .give("cu_seqlens_q", 0, 3, 7)
            .give("cu_seqlens_k", 0, 3, 7)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        alibi(2407, "alibi-past", "causal=true")
            .qkv(1, 2, 2, 2, 2, 4, 4)
            .draw("past_k", Shape.of(1, 2, 3, 4))
            .draw("past_v", Shape.of(1, 2, 3, 4))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        alibi(2408, "alibi-paged", "causal=true")
            .qkv(2, 2, 1, 1, 1, 4, 4)
            .draw("k", Shape.of(4, 1, 3, 4))
            .draw("v", Shape.of(4, 1, 3, 4))
            .give("page_table", Tensor.of(Shape.of(2, 2), 3, 0, 2, -1))
            .give("k_lens", 5, 2)
            .roles(Role.GRADIENT, Role.PARITY)
            .build());
  }

  private static CaseBuilder alibi(int id, String name, String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "alibi=DISTANCE";
    return Case.of(id, name, Dense.class, all);
  }
}
