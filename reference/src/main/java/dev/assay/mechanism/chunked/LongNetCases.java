package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Both readings of every question, unfinished segments, tokens that nobody takes. */
final class LongNetCases {
  private LongNetCases() {}

  static List<Case> all() {
    return List.of(
        dilated(2441, "precise", "causal=true").qkv(1, 4, 4, 8, 8, 3, 3).build(),
        dilated(2442, "torchscale", "offsets=HEAD_GROUPS", "weights=DETACHED", "filling=ZERO_KEYS")
            .qkv(1, 4, 4, 7, 7, 2, 2)
            .remark("the second segment of 4 lacks a token, for which a key of 0 stands")
            .build(),
        dilated(2443, "both-directions").qkv(2, 2, 1, 8, 8, 3, 2).build(),
        dilated(2444, "unfinished", "causal=true")
            .qkv(1, 2, 2, 7, 7, 3, 3)
            .remark("n is no multiple of either segment")
            .build(),
        dilated(2445, "detached", "weights=DETACHED", "causal=true")
            .qkv(1, 2, 2, 8, 8, 3, 3)
            .remark("its gradient is that of constant weights")
            .build(),
        Case.of(2446, "uncovered", LongNet.class, "segments=4,8", "ratios=2,4")
            .qkv(1, 2, 2, 8, 8, 3, 3)
            .remark("a token that no branch takes gives 0 and has no LSE")
            .build(),
        Case.of(2447, "one-branch", LongNet.class, "segments=16", "ratios=1", "causal=true")
            .qkv(1, 1, 1, 5, 5, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("dense attention")
            .build(),
        dilated(2448, "lengths")
            .qkv(2, 2, 1, 7, 7, 3, 3)
            .give("q_lens", 7, 3)
            .give("k_lens", 7, 3)
            .build(),
        dilated(2449, "mask-and-empty-row", "causal=true")
            .qkv(1, 2, 2, 8, 8, 3, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 8, 8), x -> x[2] != 5 && x[3] != 0))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("rows 0 and 5 are empty")
            .build(),
        Case.of(2450, "three-branches", LongNet.class, "segments=2,4,8", "ratios=1,2,3")
            .qkv(1, 3, 3, 8, 8, 2, 2)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("three is no divisor of eight")
            .build(),
        dilated(2451, "one-token")
            .qkv(1, 2, 2, 1, 1, 2, 2)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        Case.of(2491, "long", LongNet.class, "segments=256,512,1024", "ratios=1,2,4", "causal=true")
            .qkv(1, 8, 8, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder dilated(int id, String name, String... settings) {
    List<String> all = new ArrayList<>(List.of("segments=4,8", "ratios=1,2"));
    all.addAll(List.of(settings));
    return Case.of(id, name, LongNet.class, all.toArray(String[]::new));
  }
}
