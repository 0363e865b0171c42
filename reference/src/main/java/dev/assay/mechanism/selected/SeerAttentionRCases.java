package dev.assay.mechanism.selected;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Every way to a query, both readings of the open block, decoding and ragged ends. */
final class SeerAttentionRCases {
  private SeerAttentionRCases() {}

  static List<Case> all() {
    return List.of(
        seer(3851, "precise", new int[] {1, 2, 1, 11, 11, 2}, "block=2", "budget=4")
            .draw("w_gate_q", Shape.of(1, 2, 2, 2))
            .build(),
        seer(
                3852,
                "open-block-competes",
                new int[] {1, 2, 1, 11, 11, 2},
                "block=2",
                "budget=4",
                "openBlock=ZERO_LOGIT")
            .draw("w_gate_q", Shape.of(1, 2, 2, 2))
            .build(),
        seer(
                3853,
                "threshold-and-norms",
                new int[] {1, 2, 2, 9, 9, 2},
                "block=2",
                "choice=THRESHOLD",
                "threshold=0.3")
            .draw("w_gate_q", Shape.of(2, 1, 2, 2))
            .draw("q_norm", Shape.of(2))
            .draw("k_norm", Shape.of(2))
            .build(),
        seer(
                3854,
                "mean-projected",
                new int[] {1, 4, 2, 9, 9, 2},
                "block=3",
                "budget=6",
                "queryHeads=QAVGPROJ",
                "keyPool=AVG")
            .draw("w_gate_q", Shape.of(2, 2, 3))
            .draw("w_gate_k", Shape.of(2, 2, 3))
            .build(),
        seer(
                3855,
                "heads-score-apart",
                new int[] {1, 4, 2, 9, 9, 2},
                "block=2",
                "budget=4",
                "queryHeads=QORIG",
                "keyPool=MAX")
            .draw("w_gate_k", Shape.of(2, 2, 2))
            .build(),
        seer(3856, "mean", new int[] {1, 2, 1, 9, 9, 2}, "block=2", "budget=4", "queryHeads=QAVG")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        seer(
                3857,
                "decoding",
                new int[] {2, 2, 1, 2, 11, 2},
                "block=3",
                "budget=6",
                "queryHeads=QAVG",
                "blockPosition=CODED")
            .give("k_lens", 11, 8)
            .remark("a block is completed by the second query of the second entry")
            .build(),
        seer(
                3858,
                "coded-threshold",
                new int[] {1, 1, 1, 9, 9, 2},
                "block=2",
                "choice=THRESHOLD",
                "threshold=0.25",
                "openBlock=ZERO_LOGIT",
                "queryHeads=QAVG")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        seer(3859, "shorter-than-a-block", new int[] {1, 1, 1, 3, 3, 2}, "queryHeads=QAVG")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        seer(
                3860,
                "more-queries",
                new int[] {1, 1, 1, 7, 5, 2},
                "block=2",
                "budget=2",
                "queryHeads=QAVG")
            .remark("the first queries stand before every key: empty rows")
            .build(),
        seer(3861, "given", new int[] {1, 2, 1, 5, 5, 2}, "block=2", "queryHeads=QAVG")
            .give("idx", Tensor.of(Shape.of(1, 1, 5, 2), 0, -1, -1, -1, 0, 1, 1, -1, 2, 0))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("one query meets nothing")
            .build(),
        seer(
                3862,
                "oracle",
                new int[] {1, 2, 1, 9, 9, 2},
                "block=2",
                "budget=4",
                "scores=ORACLE",
                "queryHeads=QAVG")
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        seer(3899, "long", new int[] {1, 8, 2, 1024, 1024, 64}, "block=64", "budget=256")
            .draw("w_gate_q", Shape.of(2, 4, 64, 64))
            .roles(Role.BENCH)
            .build());
  }

  /**
   * Starts a case.
   *
   * @param sizes B, H, H_kv, n_q, n_k, d
   */
  private static CaseBuilder seer(int id, String name, int[] sizes, String... settings) {
    int d = sizes[5];
    return Case.of(id, name, SeerAttentionR.class, settings)
        .qkv(sizes[0], sizes[1], sizes[2], sizes[3], sizes[4], d, d)
        .draw("w_gate_k", Shape.of(sizes[2], 3 * d, d));
  }
}
