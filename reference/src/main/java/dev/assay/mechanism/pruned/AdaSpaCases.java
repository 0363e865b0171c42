package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Rows and heads that compete, stale searches, text, lengths and both readings. */
final class AdaSpaCases {
  private AdaSpaCases() {}

  static List<Case> all() {
    return List.of(
        spa(4221, "rows", "sparsity=0.5", "adaptive=false")
            .qkv(1, 2, 2, 7, 7, 3, 3)
            .remark("two of four blocks in every row; the last block is ragged")
            .build(),
        spa(4222, "literal", "reading=LITERAL", "sparsity=0.5", "adaptive=false")
            .qkv(1, 2, 2, 7, 7, 3, 3)
            .remark("every other key weighs exp(0)")
            .build(),
        spa(4223, "global", "sparsity=0.6", "selection=GLOBAL", "adaptive=false")
            .qkv(1, 2, 1, 8, 8, 3, 3)
            .remark("all blocks of a head compete: rows keep more or fewer")
            .build(),
        spa(4224, "adaptive", "sparsity=0.5", "recallBar=0.75")
            .qkv(1, 4, 4, 8, 8, 3, 3)
            .draw("q", Shape.of(1, 4, 8, 3), Distribution.BELL, CaseBuilder.UNIT + 1)
            .remark("heads that are easily covered give blocks to the others")
            .build(),
        spa(4225, "text", "sparsity=0.7", "textTokens=2")
            .qkv(1, 1, 1, 9, 9, 3, 3)
            .remark("the last two blocks hold text: rows and columns")
            .build(),
        spa(4226, "stale", "sparsity=0.5", "adaptive=false")
            .qkv(1, 2, 2, 6, 6, 3, 3)
            .give("lse_cache", Tensor.generate(Shape.of(1, 2, 6), p -> p % 5 - 1))
            .build(),
        spa(4227, "causal", "sparsity=0.5", "causal=true", "adaptive=false")
            .qkv(1, 2, 2, 8, 8, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the first row of blocks has one candidate")
            .build(),
        spa(4228, "nothing-left-out", "sparsity=0")
            .qkv(1, 2, 1, 5, 7, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the same as dense")
            .build(),
        spa(4229, "reused", "sparsity=0.5")
            .qkv(1, 2, 1, 4, 5, 3, 3)
            .give("block_mask", Tensor.of(Shape.of(1, 1, 2, 3), 0, 1, 1, 0, 0, 0))
            .remark("the second row of blocks keeps nothing")
            .build(),
        spa(4230, "literal-lengths", "reading=LITERAL", "sparsity=0.6", "causal=true")
            .qkv(2, 2, 2, 5, 5, 3, 3)
            .give("q_lens", 5, 3)
            .give("k_lens", 4, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("causality and lengths exclude, the mask does not")
            .build(),
        spa(4231, "lengths", "sparsity=0.5", "textTokens=1")
            .qkv(2, 1, 1, 6, 6, 3, 3)
            .give("q_lens", 6, 3)
            .give("k_lens", 5, 0)
            .remark("the second entry has no key")
            .build(),
        Case.of(4291, "long", AdaSpa.class)
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder spa(int id, String name, String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "block=2";
    return Case.of(id, name, AdaSpa.class, all);
  }
}
