package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Places in the cache and in the text, both ways to evict, chunks, decoding, no sinks. */
final class StreamingLlmCases {
  private StreamingLlmCases() {}

  static List<Case> all() {
    return List.of(
        streaming(2421, "places-in-the-cache").qkv(1, 2, 2, 10, 10, 4, 4).build(),
        streaming(2422, "places-in-the-text", "positions=ORIGINAL", "encoding=INTERLEAVED")
            .qkv(1, 2, 1, 8, 8, 4, 3)
            .build(),
        streaming(2423, "evict-after", "evict=AFTER")
            .qkv(1, 2, 2, 9, 9, 4, 4)
            .give("chunks", 4, 3, 1)
            .remark("a chunk of four at once, then three, then one by one")
            .build(),
        streaming(2424, "chunks-of-two", "chunk=2")
            .qkv(1, 1, 1, 9, 9, 4, 4)
            .remark("room for two is made before each chunk, also before the last, of one token")
            .build(),
        streaming(2425, "alibi", "encoding=ALIBI").qkv(1, 3, 3, 9, 9, 2, 2).build(),
        streaming(2426, "decode")
            .qkv(2, 4, 2, 2, 10, 4, 4)
            .give("q_lens", 2, 1)
            .give("k_lens", 10, 7)
            .remark("the last queries alone, behind caches of different length")
            .build(),
        streaming(2427, "off-by-one", "offByOne=true")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .without("d_lse")
            .remark("weights of a row sum to less than 1")
            .build(),
        streaming(2428, "no-sinks", "sinks=0", "encoding=NONE")
            .qkv(1, 1, 1, 7, 7, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("a sliding window of three keys")
            .build(),
        streaming(2429, "shorter-than-the-cache")
            .qkv(1, 1, 1, 5, 5, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("dense causal attention")
            .build(),
        streaming(2430, "one-token", "sinks=4")
            .qkv(1, 2, 2, 1, 1, 1, 2)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("fewer tokens than sinks, one channel that cannot be turned")
            .build(),
        streaming(2431, "mask-and-empty-rows", "encoding=ALIBI", "positions=ORIGINAL")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .give("mask", KeepMask.where(Shape.of(1, 1, 7, 7), x -> x[2] != 3 && x[3] != 0))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("rows 0 and 3 are empty")
            .build(),
        streaming(2432, "off-by-one-poisoned", "offByOne=true", "recent=2")
            .qkv(2, 1, 1, 6, 6, 2, 2)
            .without("d_lse")
            .give("q_lens", 6, 4)
            .give("k_lens", 6, 4)
            .plant("q", Double.NaN, p -> p / 2 >= 10)
            .plant("k", Double.NaN, p -> p / 2 >= 10)
            .plant("v", Double.NaN, p -> p / 2 >= 10)
            .plant("d_out", Double.NaN, p -> p / 2 >= 10)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths reaches nothing")
            .build(),
        Case.of(2490, "long", StreamingLlm.class, "sinks=4", "recent=252")
            .qkv(1, 8, 8, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder streaming(int id, String name, String... settings) {
    List<String> all = new ArrayList<>(List.of("sinks=2", "recent=3"));
    all.addAll(List.of(settings));
    return Case.of(id, name, StreamingLlm.class, all.toArray(String[]::new));
  }
}
