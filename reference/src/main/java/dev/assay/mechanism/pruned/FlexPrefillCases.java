package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.Arrays;
import java.util.List;

/** Both readings with and without prediction, budgets, short sequences, lengths, given blocks. */
final class FlexPrefillCases {
  private FlexPrefillCases() {}

  static List<Case> all() {
    return List.of(
        flex(4321, "vertical-slash", "gamma=0.6", "tau=0", "minBudget=1")
            .qkv(1, 2, 2, 11, 11, 3, 3)
            .remark("columns and diagonals of blocks; the last block is ragged")
            .build(),
        flex(4322, "literal", "reading=LITERAL", "gamma=0.6", "tau=0", "minBudget=3")
            .qkv(1, 2, 2, 11, 11, 3, 3)
            .remark("two blocks of each, by the least budget")
            .build(),
        flex(4323, "predicted", "gamma=0.6", "tau=1", "minBudget=1")
            .qkv(1, 4, 2, 8, 8, 3, 3)
            .remark("every head trusts the prediction")
            .build(),
        flex(4324, "predicted-literal", "reading=LITERAL", "gamma=0.6", "tau=1", "minBudget=1")
            .qkv(1, 2, 2, 8, 8, 3, 3)
            .build(),
        flex(4325, "some-trust", "gamma=0.55", "tau=0.2", "minBudget=2")
            .qkv(1, 4, 4, 10, 10, 3, 3)
            .remark("heads decide for themselves")
            .build(),
        flex(4326, "budgets", "gamma=0.95", "tau=0", "minBudget=2", "maxBudget=4")
            .qkv(1, 1, 1, 10, 10, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("at most two blocks of each")
            .build(),
        flex(4327, "everything", "gamma=1", "tau=0", "minBudget=0")
            .qkv(1, 2, 1, 9, 9, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the same as dense")
            .build(),
        flex(4328, "short", "minBudget=0").qkv(1, 1, 1, 4, 4, 3, 3).roles(Role.PARITY).build(),
        flex(4329, "lengths", "gamma=0.5", "tau=0", "minBudget=1")
            .qkv(2, 1, 1, 9, 9, 3, 3)
            .give("q_lens", 9, 5)
            .give("k_lens", 9, 5)
            .remark("the probe of the second entry is its tokens 3 and 4")
            .build(),
        flex(4330, "given")
            .qkv(1, 2, 1, 5, 5, 3, 3)
            .give("block_mask", Tensor.of(Shape.of(1, 1, 3, 3), 1, 0, 0, 0, 0, 0, 1, 0, 1))
            .remark("the second block of queries keeps nothing")
            .build(),
        flex(4331, "masked", "gamma=0.6", "tau=0", "minBudget=1")
            .qkv(1, 1, 1, 8, 8, 3, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 1, 8), x -> x[3] != 2))
            .plant("k", Double.NaN, p -> p / 3 == 2)
            .roles(Role.PARITY)
            .build(),
        Case.of(4391, "long", FlexPrefill.class, "minBudget=128")
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder flex(int id, String name, String... settings) {
    String[] all = Arrays.copyOf(settings, settings.length + 1);
    all[settings.length] = "block=2";
    return Case.of(id, name, FlexPrefill.class, all);
  }
}
