package dev.assay.mechanism.learned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Every mode and both functions, causal and not, with lengths, empty rows and decoding. */
final class CaoCases {
  private static final int HIDDEN = 4;

  private CaoCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(modes());
    all.addAll(edges());
    return List.copyOf(all);
  }

  private static List<Case> modes() {
    return List.of(
        network(4430, "renorm").qkv(1, 2, 2, 6, 6, 4, 4).without("d_lse").build(),
        network(4431, "renorm-causal-gqa", "causal=true")
            .qkv(1, 4, 2, 5, 5, 3, 2)
            .without("d_lse")
            .build(),
        network(4432, "literal", "mode=L_EQ3", "causal=true")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .without("d_lse")
            .remark("rows do not sum to 1")
            .build(),
        network(4433, "literal-future", "mode=L_EQ3", "causal=true", "respectCausal=false")
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("weight is added to the future, too")
            .build(),
        network(4434, "logit", "mode=P_LOGIT").qkv(1, 2, 2, 6, 6, 4, 4).build(),
        network(4435, "zero-sum", "mode=P_ZEROSUM", "causal=true")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .without("d_lse")
            .build(),
        start(4436, "off", "mode=OFF", "causal=true")
            .qkv(1, 2, 1, 5, 5, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        start(4437, "assignment", "phi=ASSIGN", "epsilon=0.5", "strength=0.25")
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .without("d_lse")
            .build(),
        network(4438, "features", "features=DIFFERENTIATED", "mode=P_ZEROSUM")
            .qkv(1, 1, 1, 5, 5, 4, 4)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("a gradient flows through maximum, entropy and what a key received")
            .build());
  }

  private static List<Case> edges() {
    return List.of(
        network(4439, "lengths-and-empty-row", "causal=true")
            .qkv(2, 2, 2, 5, 5, 4, 4)
            .without("d_lse")
            .give("q_lens", 5, 3)
            .give("k_lens", 5, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 5, 5), x -> x[2] != 1))
            .build(),
        network(4440, "one-token")
            .qkv(1, 1, 1, 1, 1, 2, 2)
            .without("d_lse")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        network(4441, "decode", "causal=true", "mode=P_LOGIT")
            .qkv(1, 2, 2, 1, 6, 4, 4)
            .give("received", Tensor.generate(Shape.of(1, 2, 6), p -> (7 - p % 6) / 8.0))
            .give("rows_before", 5)
            .build(),
        network(4442, "strong")
            .qkv(1, 2, 2, 5, 5, 4, 4)
            .without("d_lse")
            .give("beta", Tensor.of(Shape.of(1), 1.5))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("weights that would be negative become 0")
            .build(),
        network(4443, "beta-zero")
            .qkv(1, 1, 1, 4, 4, 2, 2)
            .without("d_lse")
            .give("beta", Tensor.zeros(Shape.of(1)))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        network(4449, "long", "mode=P_LOGIT", "causal=true")
            .qkv(1, 1, 1, 512, 512, 64, 64)
            .without("d_lse")
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    List<String> all = new ArrayList<>(List.of("local=2"));
    all.addAll(List.of(settings));
    return Case.of(id, name, Cao.class, all.toArray(String[]::new));
  }

  private static CaseBuilder network(int id, String name, String... settings) {
    return start(id, name, settings)
        .give("beta", Tensor.of(Shape.of(1), 0.25))
        .draw("phi_w1", Shape.of(HIDDEN, PairFeatures.COUNT))
        .draw("phi_b1", Shape.of(HIDDEN))
        .draw("phi_w2", Shape.of(1, HIDDEN))
        .draw("phi_b2", Shape.of(1));
  }
}
