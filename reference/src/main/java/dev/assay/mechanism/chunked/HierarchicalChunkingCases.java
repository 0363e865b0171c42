package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Every reading of every question, lengths around the chunk size, and learned neighbours. */
final class HierarchicalChunkingCases {
  private HierarchicalChunkingCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(readings());
    all.addAll(tails());
    all.addAll(learned());
    all.add(
        chunks(1390, "long", "causal=true")
            .qkv(1, 8, 8, 4096, 4096, 64, 64)
            .roles(Role.BENCH)
            .build());
    return List.copyOf(all);
  }

  private static CaseBuilder chunks(int id, String name, String... settings) {
    return Case.of(id, name, HierarchicalChunking.class, settings);
  }

  private static CaseBuilder fixed(int id, String name, int size, String... settings) {
    List<String> all = new ArrayList<>(List.of(settings));
    all.add("sizeRule=FIXED");
    all.add("size=" + size);
    return chunks(id, name, all.toArray(String[]::new));
  }

  private static List<Case> readings() {
    return List.of(
        chunks(1301, "precise")
            .qkv(1, 2, 2, 18, 18, 2, 2)
            .remark("m = 8, three chunks, the last of two tokens")
            .build(),
        chunks(
                1302,
                "literal",
                "sizeRule=LOG2",
                "combination=SUM",
                "neighbours=EACH_SIDE",
                "tail=DROP")
            .qkv(1, 2, 2, 18, 18, 2, 2)
            .without("d_lse")
            .remark("m = 4, four chunks, two tokens dropped")
            .build(),
        chunks(1303, "scaled-log2", "sizeRule=SCALED_LOG2")
            .qkv(1, 1, 1, 20, 20, 2, 2)
            .remark("m would be 48, and is 20")
            .build(),
        chunks(1304, "causal", "causal=true").qkv(1, 2, 2, 10, 10, 4, 4).build(),
        fixed(1305, "sum", 3, "combination=SUM").qkv(1, 2, 1, 9, 9, 4, 3).without("d_lse").build(),
        fixed(1306, "sum-causal", 3, "combination=SUM", "causal=true", "t=1")
            .qkv(1, 1, 1, 8, 8, 4, 4)
            .without("d_lse")
            .remark("the first chunk has no neighbour: intra alone")
            .build(),
        fixed(1307, "gated", 3, "combination=GATED")
            .qkv(1, 2, 2, 9, 9, 4, 4)
            .draw("gate_logit", Shape.of(1))
            .without("d_lse")
            .build(),
        fixed(1308, "gated-by-token", 3, "combination=GATED", "causal=true")
            .qkv(2, 2, 2, 7, 7, 3, 3)
            .draw("gate_logit", Shape.of(2, 2, 7))
            .without("d_lse")
            .build(),
        fixed(1309, "sequential", 3, "combination=SEQUENTIAL")
            .qkv(1, 2, 1, 9, 9, 4, 4)
            .without("d_lse")
            .build(),
        fixed(1310, "sequential-causal", 3, "combination=SEQUENTIAL", "causal=true", "t=2")
            .qkv(1, 1, 1, 8, 8, 4, 4)
            .without("d_lse")
            .remark("the first chunk has no neighbour: its rows are 0")
            .build(),
        fixed(1311, "each-side", 2, "neighbours=EACH_SIDE", "t=1").qkv(1, 1, 1, 9, 9, 4, 4).build(),
        fixed(1312, "three-neighbours", 2, "t=3")
            .qkv(1, 1, 1, 9, 9, 4, 4)
            .remark("i-1, i+1, i-2")
            .build(),
        fixed(1313, "no-neighbours", 3, "t=0").qkv(1, 2, 2, 8, 8, 4, 4).build());
  }

  private static List<Case> tails() {
    return List.of(
        fixed(1321, "one-token", 4, "causal=true").qkv(1, 2, 2, 1, 1, 4, 4).build(),
        fixed(1322, "one-less-than-a-chunk", 4).qkv(1, 1, 1, 3, 3, 4, 4).build(),
        fixed(1323, "one-chunk", 4, "causal=true").qkv(1, 1, 1, 4, 4, 4, 4).build(),
        fixed(1324, "one-more-than-a-chunk", 4, "causal=true").qkv(1, 1, 1, 5, 5, 4, 4).build(),
        fixed(1325, "drop", 4, "tail=DROP")
            .qkv(1, 1, 1, 10, 10, 4, 4)
            .remark("tokens 8 and 9 are neither query nor key")
            .build(),
        fixed(1326, "drop-poisoned", 4, "tail=DROP", "causal=true")
            .qkv(1, 1, 1, 6, 6, 3, 3)
            .plant("q", Double.NaN, p -> p / 3 >= 4)
            .plant("k", Double.NaN, p -> p / 3 >= 4)
            .plant("v", Double.NaN, p -> p / 3 >= 4)
            .plant("d_out", Double.NaN, p -> p / 3 >= 4)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what is dropped may be anything")
            .build(),
        fixed(1329, "pass-through", 3, "tail=PASS_THROUGH", "t=1")
            .qkv(2, 2, 1, 5, 5, 2, 2)
            .give("q_lens", 5, 4)
            .give("k_lens", 5, 5)
            .remark("tokens 3 and 4 give their own values, but not the one behind its length")
            .build(),
        fixed(1327, "lengths", 3, "t=1")
            .qkv(2, 2, 2, 8, 8, 4, 4)
            .give("q_lens", 8, 4)
            .give("k_lens", 8, 4)
            .build(),
        fixed(1328, "bias-and-mask", 3, "causal=true")
            .qkv(1, 2, 1, 8, 8, 4, 4)
            .draw("bias", Shape.of(1, 2, 8, 8))
            .give("mask", KeepMask.where(Shape.of(1, 1, 8, 8), x -> x[3] != 2))
            .build());
  }

  private static List<Case> learned() {
    return List.of(
        fixed(1341, "learned", 3, "neighbours=LEARNED", "t=1")
            .qkv(1, 2, 2, 12, 12, 4, 4)
            .remark("each head chooses; the answer says how close the choice was")
            .build(),
        fixed(1342, "learned-causal", 2, "neighbours=LEARNED", "t=2", "causal=true")
            .qkv(2, 2, 1, 9, 9, 4, 4)
            .build(),
        fixed(1343, "learned-given", 3, "neighbours=LEARNED")
            .qkv(1, 2, 2, 9, 9, 4, 4)
            .give("idx", Tensor.of(Shape.of(1, 2, 3, 2), 1, 2, 0, -1, -1, -1, 2, -1, 0, 2, 1, 0))
            .remark("row (0, 0, 2) lists nothing; (0, 1, 2) is not ascending")
            .build(),
        fixed(1344, "learned-sum", 3, "neighbours=LEARNED", "t=1", "combination=SUM")
            .qkv(1, 1, 1, 9, 9, 4, 4)
            .without("d_lse")
            .build(),
        fixed(1345, "learned-lengths", 3, "neighbours=LEARNED", "t=1")
            .qkv(2, 1, 1, 11, 11, 4, 4)
            .give("q_lens", 11, 5)
            .give("k_lens", 11, 5)
            .remark("a chunk without a valid token is no candidate")
            .build());
  }
}
