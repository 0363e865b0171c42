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

/** Both generators, both scopes, every mask mode and gate, budgets, levels, ties and edges. */
final class LspgCases {
  private LspgCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(modes());
    all.addAll(levels());
    all.addAll(edges());
    all.add(
        start(
                4419,
                "long",
                "level=BLOCK",
                "size=64",
                "local=64",
                "globals=1",
                "budget=0.25",
                "gate=DETACH",
                "causal=true")
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .draw("a_global", Shape.of(4, 64))
            .roles(Role.BENCH)
            .build());
    return List.copyOf(all);
  }

  private static List<Case> modes() {
    return List.of(
        drawn(4400, "precise", 2).qkv(1, 2, 2, 8, 8, 4, 4).build(),
        start(4401, "literal", "reading=LITERAL", "maskMode=ZERO_LOGIT", "scaleDim=MODEL")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .draw("mlp_w1", Shape.of(8))
            .draw("mlp_b1", Shape.of(8))
            .draw("mlp_w2", Shape.of(8))
            .draw("mlp_b2", Shape.of(1))
            .remark("no entry is forced, and the network gets no gradient")
            .build(),
        drawn(4402, "causal", 2, "causal=true").qkv(1, 2, 2, 8, 8, 4, 4).build(),
        drawn(4403, "budget-gqa", 4, "causal=true", "budget=0.4", "gate=DETACH")
            .qkv(1, 4, 2, 7, 7, 3, 2)
            .build(),
        drawn(4404, "log-soft", 2, "maskMode=LOG_SOFT", "temperature=1")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .build(),
        drawn(4405, "zero-logit", 2, "maskMode=ZERO_LOGIT", "temperature=1")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("what is not selected keeps the logit 0")
            .build(),
        drawn(4406, "zero-logit-soft", 2, "maskMode=ZERO_LOGIT", "gate=SOFT", "causal=true")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        drawn(4407, "blocks", 2, "level=BLOCK", "size=3", "causal=true", "temperature=1")
            .qkv(1, 2, 2, 11, 11, 4, 4)
            .remark("four blocks, the last of two tokens")
            .build(),
        drawn(4408, "blocks-log-soft", 2, "level=BLOCK", "size=3", "maskMode=LOG_SOFT")
            .qkv(1, 2, 1, 7, 7, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        drawn(4409, "budget-log-soft", 2, "maskMode=LOG_SOFT", "budget=0.5", "temperature=1")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the selected keys weigh by their gate, the others do not exist")
            .build());
  }

  private static List<Case> levels() {
    return List.of(
        drawn(4410, "level-gates", 2, "temperature=1")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .give("local_gate", Tensor.of(Shape.of(2), 1, -0.5))
            .give("global_gate", Tensor.of(Shape.of(2), -1, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the first head has no global level, the second no local one")
            .build(),
        drawn(4411, "statistics", 2, "statistics=DIFFERENTIATED", "temperature=1", "causal=true")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("a gradient flows through mean, deviation and maximum of a row")
            .build(),
        drawn(4413, "given", 2)
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .give("selected", KeepMask.where(Shape.of(1, 2, 5, 5), x -> (x[2] + x[3]) % 3 == x[1]))
            .give("global_columns", KeepMask.where(Shape.of(1, 2, 1, 5), x -> x[3] == 4 - x[1]))
            .roles(Role.GRADIENT, Role.PARITY)
            .build());
  }

  private static List<Case> edges() {
    return List.of(
        drawn(4412, "lengths-and-empty-row", 2, "temperature=1")
            .qkv(2, 2, 2, 6, 6, 4, 4)
            .give("q_lens", 6, 4)
            .give("k_lens", 6, 4)
            .give("mask", KeepMask.where(Shape.of(1, 1, 6, 6), x -> x[2] != 1 && x[3] != 3))
            .remark("row 1 is empty, and the diagonal of row 3 is excluded")
            .build(),
        drawn(4414, "one-token", 1, "causal=true")
            .qkv(1, 1, 1, 1, 1, 2, 2)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        drawn(4415, "decode", 2, "causal=true").qkv(1, 2, 2, 1, 7, 4, 4).build(),
        drawn(
                4416,
                "zero-logit-future",
                2,
                "maskMode=ZERO_LOGIT",
                "causal=true",
                "causalAfterZero=false")
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the future keeps the logit 0: it leaks")
            .build(),
        drawn(4417, "ties", 1, "budget=0.5", "gate=DETACH", "causal=true")
            .qkv(1, 1, 1, 8, 8, 2, 2)
            .draw("q", Shape.of(1, 1, 8, 2), Distribution.TIES, CaseBuilder.UNIT)
            .draw("k", Shape.of(1, 1, 8, 2), Distribution.TIES, CaseBuilder.UNIT)
            .give("r_distance", Tensor.zeros(Shape.of(1, 32)))
            .roles(Role.PARITY)
            .remark("equal scores: the lower index is taken")
            .build(),
        drawn(4418, "equal-scores", 1)
            .qkv(1, 1, 1, 5, 5, 2, 2)
            .give("k", Tensor.full(Shape.of(1, 1, 5, 2), 0.5))
            .roles(Role.PARITY)
            .remark("a deviation of 0 divides nothing, and every key is as important")
            .build());
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    return Case.of(id, name, Lspg.class, settings);
  }

  /** Keys nearer than 2, one global key, and all parameters of the precise generator. */
  private static CaseBuilder drawn(int id, String name, int heads, String... settings) {
    List<String> all = new ArrayList<>(List.of("local=2", "globals=1"));
    all.addAll(List.of(settings));
    int depth = name.equals("budget-gqa") ? 3 : heads == 1 ? 2 : 4;
    return start(id, name, all.toArray(String[]::new))
        .draw("w_score", Shape.of(heads))
        .draw("r_distance", Shape.of(heads, RelativeBuckets.COUNT))
        .draw("w_threshold", Shape.of(heads, 6), Distribution.BELL, CaseBuilder.UNIT - 1)
        .draw("a_global", Shape.of(heads, depth));
  }
}
