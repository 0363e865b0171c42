package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.moba;
import static dev.assay.gradcheck.golden.Literals.all;
import static dev.assay.gradcheck.golden.SelectionCases.forward;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/**
 * Choices by scores that a kernel computes itself, q . mean k: of blocks and of single keys, with
 * ties, and so near each other that two answers are right.
 */
final class RoutingCases {
  private RoutingCases() {}

  static List<Draft> drafts() {
    return List.of(
        Draft.of(
            Case.of(22041, "routing", moba(2, "topK=2")).qkv(1, 2, 2, 8, 8, 2, 2),
            "The own block, and the best of those before it; each head for itself.",
            "Selection",
            "ForcedBlock",
            "CausalEqual"),
        Draft.of(
            forward(
                Case.of(22042, "routing-both-directions", moba(3, "topK=1", "causal=false"))
                    .qkv(1, 2, 2, 8, 8, 4, 4)),
            "The best block of all; the last one is short, and its mean is one of fewer keys.",
            "Selection",
            "RaggedBlock"),
        Draft.of(
            forward(
                Case.of(22043, "routing-besides", moba(2, "topK=1", "ownBlock=BESIDES"))
                    .qkv(1, 4, 2, 7, 7, 2, 2)),
            "The own block is taken besides the k; heads that share keys choose apart.",
            "Selection",
            "ForcedBlock",
            "GQA"),
        Draft.of(
            forward(
                Case.of(22044, "routing-tokens", moba(1, "topK=3", "causal=false"))
                    .qkv(1, 1, 1, 4, 9, 2, 2)),
            "Blocks of one key: the three best keys of each query.",
            "Selection"),
        Draft.of(
            forward(
                Case.of(22045, "routing-few-candidates", moba(2, "topK=4"))
                    .qkv(1, 1, 1, 3, 9, 2, 2)
                    .give("offset", 0)),
            "The first queries have fewer blocks before them than places.",
            "Selection",
            "TooFewCandidates",
            "CausalOffset"),
        Draft.of(
                forward(
                    Case.of(22046, "routing-all-equal", moba(2, "topK=2"))
                        .qkv(1, 1, 1, 8, 8, 2, 2)
                        .give("q", all(0, 1, 1, 8, 2))),
                "Queries of zero: all scores tie, and the first block is taken.",
                "TieAtK")
            .exactly("idx"),
        Draft.of(
                forward(
                    Case.of(22047, "routing-twin-blocks", moba(2, "topK=1", "causal=false"))
                        .qkv(1, 1, 1, 6, 8, 2, 2)
                        .draw("q", Shape.of(1, 1, 6, 2), Distribution.EXACT, CaseBuilder.UNIT)
                        .give("k", twinBlocks())),
                "Blocks of equal mean but other keys: scores are small integers and tie exactly.",
                "TieAtK")
            .exactly("idx"),
        near(22048, "routing-near-tie", DType.F32, 0x1p-22),
        near(22049, "routing-near-tie-bf16", DType.BF16, 0x1p-7),
        near(22050, "routing-near-tie-f16", DType.F16, 0x1p-10));
  }

  /** Keys (m + d, m - d) of four blocks, of which two and two have the same mean m. */
  private static Tensor twinBlocks() {
    int[] mean = {1, -2, 1, -2};
    return Tensor.generate(
        Shape.of(1, 1, 8, 2),
        p -> {
          int block = p / 4;
          int key = p / 2 % 2;
          return mean[block] * (p % 2 == 0 ? 1 : -1) + (key == 0 ? 1 : -1) * (block % 3);
        });
  }

  /**
   * Two blocks whose means differ in a last bit, and a third that lies on the other side: queries
   * of one sign have two right answers, those of the other sign one.
   */
  private static Draft near(int id, String name, DType dtype, double little) {
    double[] keys = {1, 0.5, 1, 0.5, 1 + little, 0.5, 1, 0.5, -1, -0.5, -1, -0.5};
    double[] queries = {1, 0.5, -1, -0.5, 0.75, 1.5, -0.5, -1};
    return Draft.of(
        forward(
            Case.of(id, name, moba(2, "topK=1", "causal=false"))
                .dtype(dtype)
                .qkv(1, 1, 1, 4, 6, 2, 2)
                .give("q", Literals.numbers(Shape.of(1, 1, 4, 2), queries))
                .give("k", Literals.numbers(Shape.of(1, 1, 6, 2), keys))),
        "The second block is better by less than the scores may err: the first is right too, with"
            + " its output.",
        "NearTieAtK");
  }
}
