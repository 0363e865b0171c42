package dev.assay.mechanism.selected;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Each choice, pools with and without projections, ragged ends, shared keys and lengths. */
final class SeerAttentionCases {
  private SeerAttentionCases() {}

  static List<Case> all() {
    return List.of(
        seer(3801, "threshold", new int[] {1, 2, 2, 11, 2}, "block=4", "threshold=0.3").build(),
        seer(3802, "shared-keys", new int[] {1, 4, 2, 8, 2}, "block=2", "threshold=0.25")
            .remark("one matrix for each head of queries, keys are repeated before it")
            .build(),
        seer(3803, "triangle-ratio", new int[] {1, 2, 2, 12, 2}, RATIO).build(),
        seer(3804, "row-ratio", new int[] {1, 2, 2, 12, 2}, ROWS).build(),
        seer(3805, "projected-queries", new int[] {2, 4, 2, 9, 2}, QUERIES)
            .draw("w_gate_q", Shape.of(4, 4, 3))
            .draw("w_gate_k", Shape.of(2, 2, 3))
            .remark("keys are projected for each of their heads; d_g is odd, one channel unturned")
            .build(),
        seer(
                3806,
                "both-directions",
                new int[] {1, 1, 1, 9, 2},
                "block=3",
                "threshold=0.3",
                "causal=false",
                "rope=NONE")
            .build(),
        seer(
                3807,
                "dense-rows-and-diagonal",
                new int[] {1, 1, 1, 12, 2},
                "block=3",
                "threshold=0.6",
                "denseRows=1",
                "forceDiagonal=true")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        seer(3808, "lengths", new int[] {2, 1, 1, 9, 2}, "block=2", "choice=ROW_RATIO")
            .give("q_lens", 9, 4)
            .give("k_lens", 9, 4)
            .build(),
        seer(3809, "before-rotation", new int[] {1, 1, 1, 8, 2}, "block=2", "threshold=0.3")
            .draw("q_gate", Shape.of(1, 1, 8, 2))
            .draw("k_gate", Shape.of(1, 1, 8, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the gate has queries and keys of its own, which get no gradient")
            .build(),
        seer(3810, "shorter-than-a-block", new int[] {1, 1, 1, 3, 2}, "block=8")
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("one block: dense attention")
            .build(),
        seer(3811, "given", new int[] {1, 1, 1, 6, 2}, "block=2")
            .give("idx", Tensor.of(Shape.of(1, 1, 3, 2), 0, -1, -1, -1, 0, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("a block of queries meets nothing")
            .build(),
        seer(
                3813,
                "oracle",
                new int[] {1, 2, 2, 9, 2},
                "block=3",
                "scores=ORACLE",
                "choice=ROW_RATIO")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        Case.of(3812, "decoding", SeerAttention.class, "block=2")
            .qkv(1, 2, 1, 1, 7, 2, 2)
            .draw("w_gate_k", Shape.of(2, 6, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("one query meets every key")
            .build(),
        seer(3849, "long", new int[] {1, 8, 8, 2048, 64}, "block=64", "choice=TRIANGLE_RATIO")
            .roles(Role.BENCH)
            .build());
  }

  private static final String[] RATIO = {"block=2", "choice=TRIANGLE_RATIO", "ratio=0.6"};

  private static final String[] ROWS = {"block=2", "choice=ROW_RATIO", "ratio=0.6"};

  private static final String[] QUERIES = {
    "block=3", "queryPool=MAX_MIN", "keyPool=AVG", "threshold=0.3", "rope=INTERLEAVED"
  };

  /**
   * Starts a case.
   *
   * @param sizes B, H, H_kv, n, d
   */
  private static CaseBuilder seer(int id, String name, int[] sizes, String... settings) {
    int d = sizes[4];
    return Case.of(id, name, SeerAttention.class, settings)
        .qkv(sizes[0], sizes[1], sizes[2], sizes[3], sizes[3], d, d)
        .draw("w_gate_k", Shape.of(sizes[1], 3 * d, d));
  }
}
