package dev.assay.mechanism.hashed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Rounds that meet in a circle, one or two hashes, lengths around a chunk, and the readings. */
final class ReformerCases {
  private ReformerCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>(readings());
    all.addAll(lengths());
    all.add(
        Case.of(3290, "long", Reformer.class, "chunk=64", "rounds=4", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .without("k")
            .roles(Role.BENCH)
            .build());
    return List.copyOf(all);
  }

  private static CaseBuilder start(int id, String name, String... settings) {
    return Case.of(id, name, Reformer.class, settings);
  }

  private static CaseBuilder chunks(int id, String name, String... settings) {
    List<String> all = new ArrayList<>(List.of("chunk=3", "buckets=4"));
    all.addAll(List.of(settings));
    return start(id, name, all.toArray(String[]::new)).qkv(1, 2, 2, 12, 12, 4, 3).without("k");
  }

  private static List<Case> readings() {
    return List.of(
        chunks(3201, "precise").remark("two rounds in a circle of eight chunks").build(),
        chunks(3202, "causal", "causal=true")
            .remark("token 0 has only itself; others never meet themselves")
            .build(),
        chunks(3203, "formula", "duplicates=ONCE", "acrossBuckets=false", "causal=true")
            .remark("the formula of the text: the union of the rounds, own buckets only")
            .build(),
        chunks(3204, "unit", "norm=UNIT", "rounds=3").roles(Role.GRADIENT, Role.PARITY).build(),
        chunks(3205, "by-rounds", "norm=UNIT", "duplicates=LUCIDRAINS", "causal=true")
            .remark("keys met across the border of two rounds weigh a thousand million times")
            .build(),
        chunks(3206, "two-hashes", "buckets=2", "secondBuckets=4", "causal=true")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        chunks(3207, "like-others", "itself=LIKE_OTHERS", "causal=true", "rounds=1")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        chunks(3208, "given-buckets", "rounds=1", "causal=true")
            .give(
                "buckets",
                Tensor.generate(Shape.of(1, 2, 1, 12), p -> p < 12 ? p * 5 % 4 : p * 7 % 3))
            .remark("the second head has an empty bucket")
            .build(),
        chunks(3209, "given-rotations", "rounds=1")
            .draw("rotations", Shape.of(1, 4, 1, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .build());
  }

  private static List<Case> lengths() {
    return List.of(
        start(3221, "straight", "chunk=4", "before=1", "after=1", "circular=false")
            .qkv(1, 2, 2, 10, 10, 4, 4)
            .without("k")
            .remark("each round ends with a chunk of two tokens, and no circle closes")
            .build(),
        start(3222, "lengths", "chunk=3", "buckets=2", "causal=true")
            .qkv(2, 1, 1, 9, 9, 3, 3)
            .without("k")
            .give("k_lens", 9, 5)
            .plant("q", Double.NaN, p -> p / 3 >= 9 + 5)
            .plant("v", Double.NaN, p -> p / 3 >= 9 + 5)
            .plant("d_out", Double.NaN, p -> p / 3 >= 9 + 5)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind a length is in no bucket")
            .build(),
        start(3223, "less-than-a-chunk", "chunk=8", "rounds=3")
            .qkv(1, 2, 2, 3, 3, 4, 4)
            .without("k")
            .remark("every pair six times: dense attention")
            .build(),
        start(3224, "one-token", "causal=true")
            .qkv(2, 1, 1, 1, 1, 2, 2)
            .without("k")
            .roles(Role.GRADIENT, Role.PARITY)
            .build());
  }
}
