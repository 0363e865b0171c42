package dev.assay.mechanism.learned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Every modulator, selection and squash; dense heads, gates of heads and rows, pruning, edges. */
final class AdaptiveSparseBlockCases {
  private AdaptiveSparseBlockCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(modulators());
    all.addAll(selections());
    all.addAll(edges());
    return List.copyOf(all);
  }

  private static List<Case> modulators() {
    return List.of(
        gate(4500, "precise").qkv(1, 2, 2, 10, 10, 4, 4).build(),
        gate(4501, "literal", "modulator=L_MULT").qkv(1, 2, 2, 8, 8, 4, 4).build(),
        gate(4502, "soft", "modulator=SOFT_LOG", "denseHeads=1", "causal=true")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .build(),
        gate(4503, "soft-row", "modulator=SOFT_LOG", "squash=ROW_SOFTMAX", "temperature=0.5")
            .qkv(1, 2, 1, 7, 7, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        gate(4504, "detached", "gradient=DETACH", "causal=true", "denseHeads=1")
            .qkv(1, 2, 1, 9, 9, 4, 4)
            .remark("a dense head beside a sparse one; the gate learns by distillation alone")
            .build());
  }

  private static List<Case> selections() {
    return List.of(
        gate(4505, "threshold", "selection=THRESHOLD", "threshold=0.3", "gateRope=false")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        gate(
                4506,
                "global-budget",
                "selection=GLOBAL_BUDGET",
                "budget=0.4",
                "safeguards=false",
                "causal=true")
            .qkv(1, 2, 2, 10, 10, 4, 4)
            .remark("one budget for all rows of both heads: a row may stay empty")
            .build(),
        gate(4507, "pruned", "dropRate=0.4", "gumbel=0.5", "seed=7", "step=3", "k=2", "causal=true")
            .qkv(1, 2, 2, 12, 12, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("noise on the scores, and selected blocks dropped at random")
            .build(),
        gate(4508, "given-and-protected", "causal=true")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .give(
                "blocks", KeepMask.where(Shape.of(1, 2, 3, 3), x -> (x[1] + x[2] + x[3]) % 2 == 0))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        gate(4509, "protected", "k=0")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .give("protected", Tensor.of(Shape.of(1, 8), 0, 0, 0, 0, 1, 0, 0, 0))
            .build());
  }

  private static List<Case> edges() {
    return List.of(
        gate(4510, "head-gate", "denseHeads=1")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .without("d_lse")
            .draw("w_gate", Shape.of(2, 8), Distribution.BELL, CaseBuilder.UNIT + 1)
            .give("b_gate", Tensor.of(Shape.of(2), 0.5, -0.5))
            .draw("out_gate", Shape.of(1, 2, 7))
            .build(),
        gate(4511, "head-gate-prefix", "headMode=STE", "causal=true", "modulator=L_MULT")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .without("d_lse")
            .draw("w_gate", Shape.of(2, 8))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        gate(4512, "lengths-and-empty-row", "causal=true")
            .qkv(2, 2, 2, 7, 7, 4, 4)
            .give("q_lens", 7, 4)
            .give("k_lens", 7, 4)
            .give("mask", KeepMask.where(Shape.of(1, 1, 7, 1), x -> x[2] != 2))
            .build(),
        gate(4513, "one-token").qkv(1, 2, 2, 1, 1, 4, 4).roles(Role.GRADIENT, Role.PARITY).build(),
        gate(4514, "more-than-there-are", "k=9", "causal=true")
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("k is larger than the candidates of any row: dense attention")
            .build(),
        Case.of(
                4519,
                "long",
                AdaptiveSparseBlock.class,
                "size=64",
                "causal=true",
                "gradient=DETACH",
                "denseHeads=1")
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .draw("w_gate_k", Shape.of(4, 192, 64))
            .roles(Role.BENCH)
            .build());
  }

  /** Two sparse heads with blocks of three tokens, of which one is selected in each row. */
  private static CaseBuilder gate(int id, String name, String... settings) {
    List<String> all = new ArrayList<>(List.of("size=3", "k=1", "denseHeads=0"));
    all.addAll(List.of(settings));
    return Case.of(id, name, AdaptiveSparseBlock.class, all.toArray(String[]::new))
        .draw("w_gate_q", Shape.of(2, 4, 2))
        .draw("w_gate_k", Shape.of(2, 12, 2));
  }
}
