package dev.assay.mechanism.lowrank;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Both readings, anchors found, given and skipped, several rounds, lengths, lonely tokens. */
final class AnchorAttentionCases {
  private AnchorAttentionCases() {}

  static List<Case> all() {
    return List.of(
        tokens(2921, "buckets", "anchors=3", "chunk=2").build(),
        tokens(2922, "causal", "anchors=3", "chunk=2", "causal=true")
            .remark("a token that meets nobody earlier meets itself")
            .build(),
        tokens(2923, "two-rounds", "anchors=3", "chunk=2", "nearest=2").build(),
        tokens(2924, "counted", "anchors=3", "chunk=3", "nearest=2", "duplicates=COUNTED")
            .remark("a key that is met in both rounds counts twice")
            .build(),
        tokens(2925, "separate-keys", "anchors=3", "chunk=2", "sharedKeys=false", "causal=true")
            .remark("a chunk may hold no key that a query may see")
            .build(),
        tokens(2926, "landmarks", "reading=LANDMARKS", "anchors=3").build(),
        tokens(
                2927,
                "landmarks-separate-keys",
                "reading=LANDMARKS",
                "anchors=2",
                "sharedKeys=false")
            .give("q_lens", 6, 4)
            .give("k_lens", 6, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        tokens(2928, "given-anchors", "anchors=2", "chunk=3")
            .draw("anchors", Shape.of(1, 2, 2, 4))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        anchors(2929, "given-buckets", "anchors=3", "chunk=2", "scale=0.5")
            .qkv(1, 1, 1, 5, 5, 4, 3)
            .give("buckets", Tensor.of(Shape.of(1, 1, 2, 5), 2, 0, 2, 1, 0, 0, 1, 1, -1, 2))
            .remark("two rounds, of which the fourth token takes part in one")
            .build(),
        anchors(2930, "grouped", "anchors=2", "chunk=2")
            .qkv(1, 4, 2, 5, 5, 4, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        anchors(2931, "poisoned-behind", "anchors=2", "chunk=2")
            .qkv(2, 1, 1, 5, 5, 4, 4)
            .give("q_lens", 3, 0)
            .give("k_lens", 3, 0)
            .plant("q", Double.NaN, AnchorAttentionCases::behind)
            .plant("k", Double.NaN, AnchorAttentionCases::behind)
            .plant("v", Double.NaN, AnchorAttentionCases::behind)
            .plant("d_out", Double.NaN, AnchorAttentionCases::behind)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths holds NaN; the second batch entry is empty")
            .build(),
        anchors(2932, "single-token", "anchors=1")
            .qkv(1, 1, 1, 1, 1, 2, 2)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("it meets itself")
            .build(),
        anchors(2990, "long", "anchors=32", "chunk=64")
            .qkv(1, 8, 8, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static boolean behind(int p) {
    return p / 4 >= 3;
  }

  private static CaseBuilder anchors(int id, String name, String... settings) {
    return Case.of(id, name, AnchorAttention.class, settings);
  }

  /** Two batch entries of two heads and six tokens. */
  private static CaseBuilder tokens(int id, String name, String... settings) {
    return anchors(id, name, settings).qkv(2, 2, 2, 6, 6, 4, 4);
  }
}
