package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Both readings and estimates, either end of epsilon, groups, lengths and given blocks. */
final class PsaCases {
  private PsaCases() {}

  static List<Case> all() {
    return List.of(
        psa(4201, "decode", "block=2", "epsilon=0.3")
            .qkv(2, 2, 2, 1, 11, 3, 3)
            .remark("each head takes as many blocks as it needs")
            .build(),
        psa(4202, "literal", "reading=LITERAL", "block=2", "threshold=0.7")
            .qkv(2, 2, 2, 1, 11, 3, 3)
            .build(),
        psa(4203, "estimate", "rest=ESTIMATE", "block=2", "epsilon=0.3")
            .qkv(1, 2, 2, 2, 9, 3, 3)
            .build(),
        psa(4204, "prefill", "block=2", "epsilon=0.4")
            .qkv(1, 1, 1, 8, 8, 4, 4)
            .remark("every query takes blocks up to its position")
            .build(),
        psa(4205, "grouped", "block=2", "epsilon=0.4", "firstBlock=true")
            .qkv(1, 4, 2, 2, 9, 3, 3)
            .remark("the heads of a group go on until all have enough")
            .build(),
        psa(4206, "grouped-mean", "reading=LITERAL", "group=MEAN", "block=2", "threshold=0.5")
            .qkv(1, 4, 2, 2, 8, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        psa(4207, "never-stops", "block=2", "epsilon=0")
            .qkv(1, 1, 1, 2, 7, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the same as dense")
            .build(),
        psa(4208, "forced-alone", "block=3", "epsilon=1", "firstBlock=true")
            .qkv(1, 1, 1, 2, 8, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the first block and the open one")
            .build(),
        psa(4209, "open-block-alone").qkv(1, 1, 1, 2, 5, 3, 3).roles(Role.PARITY).build(),
        psa(4210, "lengths", "block=2", "epsilon=0.3", "causal=false")
            .qkv(2, 1, 1, 3, 6, 3, 3)
            .give("q_lens", 3, 2)
            .give("k_lens", 0, 5)
            .remark("the first entry has no key: its rows are empty")
            .build(),
        psa(4211, "given", "block=2")
            .qkv(1, 2, 1, 2, 5, 3, 3)
            .give("block_mask", Tensor.of(Shape.of(1, 1, 2, 3), 1, 0, 1, 0, 0, 0))
            .roles(Role.GOLDEN, Role.PARITY)
            .build(),
        psa(4212, "masked", "block=2", "epsilon=0.2")
            .qkv(1, 2, 2, 1, 8, 3, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 1, 8), x -> x[3] != 3 && x[3] < 6))
            .plant("k", Double.NaN, p -> p / 3 % 8 >= 6)
            .roles(Role.PARITY)
            .remark("the open block is that of the newest key that exists")
            .build(),
        psa(4290, "long").qkv(1, 8, 8, 8, 2048, 64, 64).roles(Role.BENCH).build());
  }

  private static CaseBuilder psa(int id, String name, String... settings) {
    return Case.of(id, name, Psa.class, settings);
  }
}
