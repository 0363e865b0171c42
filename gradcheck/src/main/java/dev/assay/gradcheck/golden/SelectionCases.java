package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.multiset;
import static dev.assay.gradcheck.golden.Configured.scored;
import static dev.assay.gradcheck.golden.Literals.INF;
import static dev.assay.gradcheck.golden.Literals.all;
import static dev.assay.gradcheck.golden.Literals.list;
import static dev.assay.gradcheck.golden.Literals.numbers;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Choices of the k best by given scores, which no rounding excuses: single keys and blocks, lists
 * for all heads, groups and heads, ties, forced blocks, and too few candidates.
 */
final class SelectionCases {
  /** What lies behind the end of a sequence would win every comparison. */
  private static final double JUNK = 1000.5;

  private SelectionCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    drafts.addAll(lists());
    drafts.addAll(ties());
    drafts.addAll(candidates());
    drafts.addAll(gradients());
    drafts.addAll(RoutingCases.drafts());
    return new Family(SelectionsFile.FAMILY, drafts);
  }

  /** Eight queries and eight keys, one head, forward only. */
  private static CaseBuilder small(int id, String name, Mechanism mechanism) {
    return forward(Case.of(id, name, mechanism).qkv(1, 1, 1, 4, 8, 2, 2));
  }

  static CaseBuilder forward(CaseBuilder problem) {
    return problem.without("d_out").without("d_lse");
  }

  private static List<Draft> lists() {
    return List.of(
        Draft.of(
            forward(
                Case.of(22001, "blocks-by-head", scored("blockK=2", "topK=2", "causal=true"))
                    .qkv(1, 2, 2, 6, 6, 2, 2)
                    .draw("scores", Shape.of(1, 2, 6, 3))),
            "Each head chooses two blocks of those that begin at or before the query.",
            "Selection",
            "CausalEqual"),
        Draft.of(
            forward(
                Case.of(22002, "tokens-for-all-heads", scored("blockK=1", "topK=3", "causal=true"))
                    .qkv(1, 2, 2, 6, 6, 2, 2)
                    .draw("scores", Shape.of(1, 1, 6, 6))),
            "Single keys, chosen once for all heads.",
            "Selection",
            "CausalEqual"),
        Draft.of(
            forward(
                Case.of(22003, "blocks-of-groups", scored("blockK=2", "topK=2"))
                    .qkv(1, 4, 2, 3, 9, 2, 2)
                    .draw("scores", Shape.of(1, 2, 3, 5))),
            "The heads of a group share a list; the last block holds one key.",
            "Selection",
            "GQA",
            "RaggedBlock"),
        Draft.of(
            forward(
                Case.of(22004, "rows-of-queries", scored("blockQ=3", "blockK=2", "topK=2"))
                    .qkv(2, 2, 1, 7, 8, 2, 2)
                    .draw("scores", Shape.of(2, 2, 3, 4))),
            "Three queries share a list; the last row of them is short.",
            "Selection",
            "MQA",
            "RaggedBlock"));
  }

  private static List<Draft> ties() {
    String[] k2 = {"blockK=2", "topK=2"};
    return List.of(
        Draft.of(
                small(22011, "all-equal", scored(k2)).give("scores", all(0.5, 1, 1, 4, 4)),
                "All scores are equal: the lowest indices are taken.",
                "TieAtK")
            .exactly("idx"),
        Draft.of(
                small(22012, "duplicate-scores", scored(k2))
                    .draw("scores", Shape.of(1, 1, 4, 4), Distribution.TIES, CaseBuilder.UNIT),
                "Four levels of scores, so that many are equal, some at the border of the choice.",
                "TieAtK")
            .exactly("idx"),
        Draft.of(
                small(22013, "one-ulp-apart", scored("blockK=2", "topK=1"))
                    .give("scores", numbers(Shape.of(1, 1, 4, 4), lateWinner(0x1p-23))),
                "A later score is higher by its last bit: it is taken, for it does not tie.",
                "NearTieAtK")
            .exactly("idx"),
        Draft.of(
                small(22014, "one-ulp-apart-bf16", scored("blockK=2", "topK=1"))
                    .dtype(DType.BF16)
                    .give("scores", numbers(Shape.of(1, 1, 4, 4), lateWinner(0x1p-7))),
                "A later score is higher by the last bit of bfloat16.",
                "NearTieAtK")
            .exactly("idx"),
        Draft.of(
                small(22015, "zeros-of-both-signs", scored("blockK=2", "topK=1"))
                    .give(
                        "scores",
                        numbers(
                            Shape.of(1, 1, 4, 4),
                            new double[] {
                              -0.0, 0, -0.5, 0, 0, -0.0, 0, -0.5, -0.5, -0.0, 0, 0, -0.5, 0, -0.0, 0
                            })),
                "0 and -0 tie, so that the sign does not decide.",
                "TieAtK",
                "NegativeZero")
            .exactly("idx"));
  }

  /** In row i block i is higher than the others by a little. */
  private static double[] lateWinner(double little) {
    double[] scores = new double[16];
    for (int p = 0; p < scores.length; p++) {
      scores[p] = p % 4 == p / 4 ? 1 + little : 1;
    }
    return scores;
  }

  private static List<Draft> candidates() {
    return List.of(
        Draft.of(
            forward(
                Case.of(22021, "more-places-than-blocks", scored("blockK=2", "topK=9"))
                    .qkv(1, 1, 1, 4, 7, 2, 2)
                    .draw("scores", Shape.of(1, 1, 4, 4))),
            "k is larger than the number of blocks: all are taken, and none besides.",
            "Selection",
            "TooFewCandidates"),
        Draft.of(
            forward(
                Case.of(22022, "few-candidates", scored("blockK=1", "topK=4", "causal=true"))
                    .qkv(1, 1, 1, 6, 6, 2, 2)
                    .draw("scores", Shape.of(1, 1, 6, 6))),
            "The first queries have fewer keys than places: behind the list stands -1.",
            "Selection",
            "TooFewCandidates"),
        Draft.of(
            forward(
                Case.of(22023, "one-candidate", scored("blockK=8", "topK=2"))
                    .qkv(1, 1, 1, 3, 5, 2, 2)
                    .draw("scores", Shape.of(1, 1, 3, 1))),
            "There is one block, and it is short.",
            "Selection",
            "TooFewCandidates"),
        Draft.of(
            small(22024, "forced-first-and-last", scored("blockK=2", "topK=3"))
                .draw("scores", Shape.of(1, 1, 4, 4))
                .give("forced", numbers(Shape.of(1, 1, 1, 4), new double[] {1, 0, 0, 1})),
            "The first and the last block are taken whatever their scores, and take two places.",
            "Selection",
            "ForcedBlock"),
        Draft.of(
            small(22025, "forced-beyond-k", scored("blockK=2", "topK=1"))
                .draw("scores", Shape.of(1, 1, 4, 4))
                .give("forced", Tensor.generate(Shape.of(1, 1, 4, 4), p -> p % 4 <= p / 4 ? 1 : 0)),
            "More blocks are forced than there are places: all of them are taken.",
            "Selection",
            "ForcedBlock"),
        Draft.of(
            small(22026, "scores-of-minus-infinity", scored("blockK=2", "topK=2"))
                .draw("scores", Shape.of(1, 1, 4, 4))
                .plant("scores", -INF, p -> p % 4 < p / 4 || p >= 12),
            "A score of -inf is never taken: a row has too few, the last one none at all.",
            "Selection",
            "TooFewCandidates",
            "EmptyRow"),
        Draft.of(
            forward(
                Case.of(22027, "lengths", scored("blockK=2", "topK=2"))
                    .qkv(2, 1, 1, 4, 8, 2, 2)
                    .draw("scores", Shape.of(2, 1, 4, 4))
                    .plant("scores", JUNK, p -> p >= 16 && p % 4 >= 2)
                    .give("q_lens", list(4, 3))
                    .give("k_lens", list(8, 3))),
            "Blocks behind the end have the highest scores, and are no candidates.",
            "Selection",
            "Lengths",
            "RaggedBlock"));
  }

  private static List<Draft> gradients() {
    return List.of(
        Draft.of(
            Case.of(22031, "gradients", scored("blockK=2", "topK=2"))
                .qkv(1, 2, 1, 4, 8, 2, 2)
                .draw("scores", Shape.of(1, 2, 4, 4)),
            "Gradients go to what was chosen, and are added up where several rows chose the same.",
            "Selection",
            "LseGrad",
            "BlockBackward"),
        Draft.of(
            Case.of(22032, "listed-twice", multiset())
                .qkv(1, 1, 1, 12, 12, 2, 2)
                .give("idx", numbers(Shape.of(1, 4, 2), new double[] {0, 3, 2, 2, -1, 1, 5, 0})),
            "A block that is listed twice weighs twice, forward and backward.",
            "DuplicateSelection",
            "LseGrad"));
  }
}
