package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Both networks, with and without causality, other keys, lengths, and masks of 0 and 1. */
final class LamCases {
  private LamCases() {}

  static List<Case> all() {
    return List.of(
        precise(4361, "low-rank", 1, 6).qkv(1, 2, 2, 6, 6, 3, 3).build(),
        literal(4362, "fixed-width", 1, 6).qkv(1, 2, 2, 6, 6, 3, 3).build(),
        precise(4363, "causal-by-head", 2, 5, "causal=true")
            .qkv(2, 4, 2, 5, 5, 3, 2)
            .give("amplitude", Tensor.of(Shape.of(4), 0.5, -0.75, 2, 0))
            .remark("each head has an amplitude; the last is dense")
            .build(),
        precise(4364, "other-keys", 1, 3)
            .qkv(1, 2, 1, 3, 6, 3, 3)
            .draw("x_k", Shape.of(1, 6, 3))
            .build(),
        precise(4365, "lengths", 2, 5)
            .qkv(2, 1, 1, 5, 5, 3, 3)
            .give("q_lens", 5, 2)
            .give("k_lens", 3, 0)
            .plant("x", Double.NaN, p -> p / 3 >= 7)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("the second entry has no key; what lies behind its length is not read")
            .build(),
        literal(4366, "fixed-width-causal", 2, 4, "causal=true")
            .qkv(2, 1, 1, 4, 6, 3, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 4, 6), at -> at[2] != 1 && at[3] != 2))
            .remark("one row excludes every key")
            .build(),
        precise(4367, "amplitude-zero", 1, 5)
            .qkv(1, 1, 1, 5, 5, 3, 3)
            .give("amplitude", Tensor.of(Shape.of(1), 0))
            .remark(
                "dense attention to the bit; the amplitude has a gradient, the networks have none")
            .build(),
        literal(4368, "mask-of-zeros", 1, 4)
            .qkv(1, 1, 1, 4, 5, 3, 3)
            .give("w_m2", Tensor.zeros(Shape.of(7, 4)))
            .give("b_m2", Tensor.zeros(Shape.of(7)))
            .remark("the mean of the values")
            .build(),
        literal(4369, "mask-of-ones", 1, 4, "causal=true")
            .qkv(1, 2, 1, 4, 5, 3, 3)
            .give("w_m2", Tensor.zeros(Shape.of(7, 4)))
            .give("b_m2", Tensor.full(Shape.of(7), 1))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("where training starts: dense attention")
            .build(),
        precise(4370, "one-token", 1, 1).qkv(1, 1, 1, 1, 1, 2, 2).roles(Role.PARITY).build(),
        Case.of(4393, "long", Lam.class, "causal=true")
            .qkv(1, 2, 2, 1024, 1024, 64, 64)
            .draw("x", Shape.of(1, 1024, 128))
            .draw("w_u1", Shape.of(64, 128), dev.assay.tensor.Distribution.BELL, SMALL)
            .draw("w_u2", Shape.of(16, 64), dev.assay.tensor.Distribution.BELL, SMALL)
            .draw("w_k1", Shape.of(64, 128), dev.assay.tensor.Distribution.BELL, SMALL)
            .draw("w_k2", Shape.of(16, 64), dev.assay.tensor.Distribution.BELL, SMALL)
            .give("amplitude", Tensor.of(Shape.of(1), 0.5))
            .roles(Role.BENCH)
            .build());
  }

  /** Weights that keep the size of what goes through a wide layer. */
  private static final int SMALL = CaseBuilder.UNIT - 3;

  /** Tokens of three channels, four hidden units and a rank of two. */
  private static CaseBuilder precise(
      int id, String name, int batches, int queries, String... settings) {
    CaseBuilder builder =
        Case.of(id, name, Lam.class, settings)
            .draw("x", Shape.of(batches, queries, 3))
            .give("amplitude", Tensor.of(Shape.of(1), 0.75));
    for (String side : List.of("u", "k")) {
      builder
          .draw("w_" + side + "1", Shape.of(4, 3))
          .draw("b_" + side + "1", Shape.of(4))
          .draw("w_" + side + "2", Shape.of(2, 4))
          .draw("b_" + side + "2", Shape.of(2));
    }
    return builder;
  }

  /** Tokens of three channels, four hidden units and a width of seven. */
  private static CaseBuilder literal(
      int id, String name, int batches, int queries, String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "reading=LITERAL";
    return Case.of(id, name, Lam.class, all)
        .draw("x", Shape.of(batches, queries, 3))
        .draw("w_m1", Shape.of(4, 3))
        .draw("b_m1", Shape.of(4))
        .draw("w_m2", Shape.of(7, 4))
        .draw("b_m2", Shape.of(7));
  }
}
