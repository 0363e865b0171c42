package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.blocks;
import static dev.assay.gradcheck.golden.Configured.chunks;
import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;
import static dev.assay.gradcheck.golden.Literals.mask;
import static dev.assay.gradcheck.golden.Literals.table;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Gradients: each cotangent alone and both, given dropout, sums over groups and broadcasts. */
final class GradCases {
  private GradCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    drafts.addAll(cotangents());
    drafts.addAll(dropout());
    drafts.addAll(sums());
    drafts.addAll(numbers());
    return new Family("grad", drafts);
  }

  private static CaseBuilder problem(int id, String name, Mechanism mechanism) {
    return Case.of(id, name, mechanism).qkv(1, 2, 2, 24, 32, 4, 4);
  }

  private static Draft lseOnly(CaseBuilder problem, String comment, String... more) {
    String[] flags = new String[more.length + 1];
    flags[0] = "LseGradOnly";
    System.arraycopy(more, 0, flags, 1, more.length);
    return Draft.of(problem.without("d_out"), comment, flags)
        .exactly("dv")
        .guards("Dao-AILab/flash-attention#889");
  }

  private static List<Draft> cotangents() {
    Mechanism causal = dense("causal=true");
    return List.of(
        Draft.of(
            problem(18001, "out-only", dense()).without("d_lse"),
            "A cotangent of the output alone.",
            "OutGradOnly"),
        lseOnly(
            problem(18002, "lse-only", dense()),
            "A cotangent of the LSE alone: the values do not matter and dv is zero."),
        Draft.of(problem(18003, "both", dense()), "Both cotangents.", "LseGrad"),
        Draft.of(
            problem(18004, "causal-out-only", causal).without("d_lse"),
            "Causal, a cotangent of the output alone.",
            "OutGradOnly",
            "CausalUnequal"),
        lseOnly(
            problem(18005, "causal-lse-only", causal),
            "Causal, a cotangent of the LSE alone.",
            "CausalUnequal"),
        Draft.of(
            Case.of(18006, "empty-rows", causal).qkv(1, 2, 2, 32, 24, 4, 4),
            "Cotangents arrive at rows that are empty, and go nowhere.",
            "EmptyRow",
            "LseGrad",
            "CausalMoreQueries"),
        lseOnly(
            Case.of(18007, "blocks-lse-only", blocks(16))
                .qkv(1, 2, 2, 48, 48, 4, 4)
                .give("block_mask", table("x.x", ".x.", "xx.")),
            "Blocks, a cotangent of the LSE alone.",
            "BlockBackward"),
        lseOnly(
            Case.of(18008, "chunks-lse-only", chunks("sizeRule=FIXED", "size=8"))
                .qkv(1, 2, 2, 37, 37, 4, 4),
            "Chunks, a cotangent of the LSE alone.",
            "Chunked"));
  }

  private static List<Draft> dropout() {
    return List.of(
        Draft.of(
                problem(18011, "dropout", dense("dropoutRate=0.25"))
                    .give("dropout_keep", mask(24, 32, (i, j) -> (5 * i + 3 * j) % 4 != 0)),
                "A given dropout mask at rate 1/4: kept pairs weigh 4/3, the LSE is untouched.",
                "DropoutMask",
                "LseGrad")
            .guards("facebookresearch/xformers#173"),
        Draft.of(
            problem(18012, "dropout-causal", dense("dropoutRate=0.5", "causal=true"))
                .give("dropout_keep", mask(24, 32, (i, j) -> (i ^ j) % 2 == 0))
                .without("d_lse"),
            "Dropout within a causal frontier.",
            "DropoutMask",
            "OutGradOnly"),
        Draft.of(
            problem(18013, "dropout-of-whole-rows", dense("dropoutRate=0.5"))
                .give("dropout_keep", mask(24, 32, (i, j) -> i % 3 != 0)),
            "Whole rows are dropped: out is zero there, the LSE is not -inf.",
            "DropoutMask"));
  }

  private static List<Draft> sums() {
    return List.of(
        Draft.of(
            Case.of(18021, "grouped-heads", dense("causal=true")).qkv(1, 4, 2, 24, 32, 4, 4),
            "dk and dv are sums over the heads of a group.",
            "GQA",
            "LseGrad"),
        Draft.of(
            Case.of(18022, "one-key-head", dense()).qkv(1, 4, 1, 16, 24, 4, 4),
            "dk and dv are sums over all heads.",
            "MQA",
            "LseGrad"),
        Draft.of(
            problem(18023, "bias-for-all-rows", dense()).draw("bias", Shape.of(1, 1, 1, 32)),
            "dbias is a sum over heads and queries.",
            "Bias"),
        Draft.of(
            Case.of(18024, "bias-of-batch", dense())
                .qkv(3, 2, 2, 9, 11, 4, 4)
                .draw("bias", Shape.of(1, 2, 9, 11)),
            "dbias is a sum over the batch.",
            "Bias"));
  }

  private static List<Draft> numbers() {
    return List.of(
        Draft.of(
            problem(18031, "softcap", dense("softcap=2")), "The derivative of the cap.", "Softcap"),
        Draft.of(
            problem(18032, "window", window(5)),
            "A window: keys behind it get nothing.",
            "Window",
            "EmptyColumn"),
        Draft.of(
            problem(18033, "bf16", dense("causal=true")).dtype(DType.BF16),
            "Score gradients and results in bfloat16.",
            "CausalUnequal",
            "LseGrad"),
        Draft.of(
            problem(18034, "f16", dense("causal=true")).dtype(DType.F16),
            "Score gradients and results in binary16.",
            "CausalUnequal",
            "LseGrad"),
        Draft.of(
            problem(18035, "large-lse", dense())
                .draw("q", Shape.of(1, 2, 24, 4), Distribution.BELL, CaseBuilder.UNIT + 3)
                .draw("k", Shape.of(1, 2, 32, 4), Distribution.BELL, CaseBuilder.UNIT + 2),
            "Large LSE: a backward pass that makes probabilities from it loses digits.",
            "HugeLogits",
            "LseGrad"),
        Draft.of(
            problem(18036, "cancelling-cotangent", dense())
                .draw("d_out", Shape.of(1, 2, 24, 4), Distribution.ANTI, CaseBuilder.UNIT),
            "d_out alternates in sign, so that its products with the output cancel.",
            "Cancellation"),
        Draft.of(
            problem(18037, "sparse-cotangent", dense())
                .draw("d_out", Shape.of(1, 2, 24, 4), Distribution.SPARSE, CaseBuilder.UNIT)
                .draw("d_lse", Shape.of(1, 2, 24), Distribution.SPARSE, CaseBuilder.UNIT),
            "Most cotangents are zero.",
            "LseGrad"));
  }
}
