package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Prompt and decoding, either half of the budget missing, groups, resumed and given caches. */
final class H2oCases {
  /** Queries so large that keys differ in what they receive. */
  private static final int LOUD = CaseBuilder.UNIT + 2;

  private H2oCases() {}

  static List<Case> all() {
    return List.of(
        h2o(4124, "decode", "prompt=4", "heavy=2", "recent=1")
            .qkv(2, 1, 1, 9, 9, 4, 3)
            .draw("q", Shape.of(2, 1, 9, 4), Distribution.BELL, LOUD)
            .remark("four rows at once, then five that evict; the sequences differ")
            .build(),
        h2o(4102, "literal", "reading=LITERAL", "prompt=4", "heavy=2", "recent=1")
            .qkv(2, 1, 1, 9, 9, 4, 3)
            .draw("q", Shape.of(2, 1, 9, 4), Distribution.BELL, LOUD)
            .remark("the sequences evict the same keys")
            .build(),
        h2o(4103, "grouped", "prompt=3", "heavy=1", "recent=2")
            .qkv(1, 4, 2, 7, 7, 3, 3)
            .draw("q", Shape.of(1, 4, 7, 3), Distribution.BELL, LOUD)
            .remark("the heads of a group share a cache")
            .build(),
        h2o(4104, "no-recent", "prompt=3", "heavy=2", "recent=0")
            .qkv(1, 1, 1, 7, 7, 4, 4)
            .draw("q", Shape.of(1, 1, 7, 4), Distribution.BELL, LOUD)
            .remark("even the newest key has to earn its place")
            .build(),
        h2o(4105, "no-heavy", "prompt=3", "heavy=0", "recent=3")
            .qkv(1, 1, 1, 7, 7, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("a sliding window of four behind a dense prompt")
            .build(),
        h2o(4106, "never-full", "heavy=5", "recent=5", "prompt=4")
            .qkv(1, 2, 1, 8, 8, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the same as dense")
            .build(),
        h2o(
                4107,
                "shares",
                "budget=SHARE",
                "heavyShare=0.34",
                "recentShare=0.5",
                "prompt=6",
                "sinks=1",
                "norm=true",
                "decay=0.5")
            .qkv(1, 2, 2, 10, 10, 3, 3)
            .remark("two heavy, three recent and the first key")
            .build(),
        h2o(4108, "resumed", "prompt=4", "heavy=2", "recent=2")
            .qkv(1, 2, 2, 2, 8, 3, 3)
            .give(
                "past_score",
                Tensor.of(Shape.of(1, 2, 6), 2, -1, -1, 0.75, 0.5, 0.25, -1, 1, 0.5, -1, 0.25, 0.125))
            .remark("keys 1 and 2, in the second head 0 and 3, are gone already")
            .build(),
        h2o(4109, "lengths", "prompt=2", "heavy=1", "recent=1")
            .qkv(2, 1, 1, 5, 6, 3, 3)
            .give("q_lens", 5, 3)
            .give("k_lens", 4, 6)
            .remark("row 0 of the first entry comes before every key")
            .build(),
        h2o(4110, "given", "prompt=1")
            .qkv(1, 2, 1, 3, 4, 3, 3)
            .give("kept", Tensor.of(Shape.of(1, 1, 3, 4), 1, 1, 0, 0, 0, 0, 0, 0, 1, 0, 0, 1))
            .remark("the second row keeps nothing: it is empty")
            .build(),
        h2o(4111, "masked", "prompt=2", "heavy=1", "recent=2")
            .qkv(1, 1, 1, 6, 6, 3, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 1, 6), x -> x[3] != 1))
            .plant("k", Double.NaN, p -> p / 3 == 1)
            .plant("v", Double.NaN, p -> p / 3 == 1)
            .roles(Role.PARITY)
            .remark("a masked key gains no score")
            .build(),
        h2o(4112, "one-token").qkv(1, 1, 1, 1, 1, 2, 2).roles(Role.PARITY).build(),
        h2o(4190, "long", "prompt=1000", "heavy=100", "recent=100")
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder h2o(int id, String name, String... settings) {
    return Case.of(id, name, H2o.class, settings);
  }
}
