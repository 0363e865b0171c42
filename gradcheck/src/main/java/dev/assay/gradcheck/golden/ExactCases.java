package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.blocks;
import static dev.assay.gradcheck.golden.Configured.chunks;
import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;
import static dev.assay.gradcheck.golden.Literals.INF;
import static dev.assay.gradcheck.golden.Literals.all;
import static dev.assay.gradcheck.golden.Literals.bias;
import static dev.assay.gradcheck.golden.Literals.list;
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
import java.util.Locale;

/**
 * No tolerance: all logits of a row are equal over a power of two of keys, and values are small
 * integers, so that every order of summation in every class gives out without rounding.
 */
final class ExactCases {
  private ExactCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    int id = 17001;
    for (DType dtype : List.of(DType.F64, DType.F32, DType.BF16, DType.F16)) {
      String type = dtype.name().toLowerCase(Locale.ROOT);
      drafts.add(
          exact(
              uniform(id++, "mean-of-eight-" + type, dense(), 2, 2, 5, 8).dtype(dtype),
              "The mean of eight integers, in " + dtype + "."));
    }
    drafts.addAll(rows());
    drafts.addAll(patterns());
    drafts.addAll(single());
    return new Family("exact", drafts);
  }

  /** Queries of zero, integer values -4..3, gradients left out. */
  private static CaseBuilder uniform(
      int id, String name, Mechanism mechanism, int heads, int kvHeads, int nq, int nk) {
    return Case.of(id, name, mechanism)
        .dtype(DType.BF16)
        .qkv(1, heads, kvHeads, nq, nk, 4, 4)
        .without("d_out")
        .without("d_lse")
        .give("q", all(0, 1, heads, nq, 4))
        .draw("v", Shape.of(1, kvHeads, nk, 4), Distribution.EXACT, CaseBuilder.UNIT);
  }

  private static Draft exact(CaseBuilder problem, String comment, String... flags) {
    String[] both = new String[flags.length + 2];
    both[0] = "ExactInteger";
    both[1] = "EqualLogits";
    System.arraycopy(flags, 0, both, 2, flags.length);
    return Draft.of(problem, comment, both).exactly("out");
  }

  private static List<Draft> rows() {
    return List.of(
        exact(
            uniform(17011, "rows-of-1-2-4-8", dense(), 1, 1, 4, 8)
                .give("mask", mask(4, 8, (i, j) -> j < 1 << i)),
            "The four rows see 1, 2, 4 and 8 keys.",
            "Mask",
            "SingleKey"),
        exact(
            uniform(17012, "empty-and-full-rows", dense(), 1, 1, 4, 8)
                .give("mask", mask(4, 8, (i, j) -> i % 2 == 1)),
            "Every other row is empty: zeros beside means.",
            "EmptyRow"),
        exact(
            uniform(17013, "lengths-4-and-8", dense(), 2, 2, 5, 8)
                .draw("k", Shape.of(2, 2, 8, 4))
                .draw("v", Shape.of(2, 2, 8, 4), Distribution.EXACT, CaseBuilder.UNIT)
                .give("q", all(0, 2, 2, 5, 4))
                .give("k_lens", list(4, 8)),
            "Valid lengths of 4 and 8 keys.",
            "Lengths"),
        exact(
            uniform(17014, "window-of-four", window(4), 1, 1, 9, 12),
            "Three keys stand before the first query, so that every row sees four.",
            "Window",
            "WindowEdge"),
        exact(
            Case.of(17015, "equal-large-logits", dense())
                .dtype(DType.BF16)
                .qkv(1, 2, 2, 5, 16, 4, 4)
                .without("d_out")
                .without("d_lse")
                .draw("q", Shape.of(1, 2, 5, 4), Distribution.EXACT, CaseBuilder.UNIT)
                .give("k", all(64, 1, 2, 16, 4))
                .draw("v", Shape.of(1, 2, 16, 4), Distribution.EXACT, CaseBuilder.UNIT),
            "Equal logits of up to 512 of either sign: a shift by the row's maximum gives 1.",
            "HugeLogits"),
        exact(
            uniform(17016, "sixty-four-keys", dense(), 1, 1, 3, 64),
            "The mean of 64 integers takes eight bits."));
  }

  private static List<Draft> patterns() {
    return List.of(
        exact(
            uniform(17021, "grouped-heads", dense(), 8, 2, 3, 8),
            "Which key head a query head reads, without a tolerance.",
            "GQA"),
        exact(uniform(17022, "one-key-head", dense(), 4, 1, 3, 8), "One key head for all.", "MQA"),
        exact(
            uniform(17023, "blocks", blocks(16), 1, 1, 48, 64)
                .give("block_mask", table(".x..", "x..x", "xxxx")),
            "One, two and four blocks of 16 keys.",
            "FullBlock"),
        exact(
            uniform(17024, "ragged-blocks", blocks(16), 1, 1, 33, 40)
                .give("block_mask", table("..x", "x..", "xx.")),
            "Eight keys in the ragged block, then 16 and 32.",
            "RaggedBlock"),
        exact(
            uniform(17025, "chunks", chunks("sizeRule=FIXED", "size=4", "t=1"), 2, 2, 16, 16),
            "Own chunk and the one before: four keys in the first rows, eight in the others.",
            "Chunked"),
        exact(
            uniform(17026, "dropout", dense("dropoutRate=0.5"), 1, 1, 4, 8)
                .give("dropout_keep", mask(4, 8, (i, j) -> (i + j) % 2 == 0)),
            "Half of eight keys are dropped; the other half counts twice.",
            "DropoutMask"),
        exact(
            uniform(17027, "packed", dense(), 1, 1, 7, 15)
                .give("cu_seqlens_q", list(0, 2, 3, 5, 7))
                .give("cu_seqlens_k", list(0, 1, 3, 7, 15)),
            "Packed sequences of 1, 2, 4 and 8 keys.",
            "Packed"));
  }

  private static List<Draft> single() {
    return List.of(
        Draft.of(
                Case.of(17031, "bias-selects-a-key", dense())
                    .dtype(DType.BF16)
                    .qkv(1, 2, 2, 6, 8, 4, 4)
                    .without("d_out")
                    .without("d_lse")
                    .give("bias", bias(6, 8, -INF, (i, j) -> j != (3 * i + 1) % 8)),
                "A bias of -inf leaves each query one key: out is its value.",
                "SingleKey",
                "NegInfBias")
            .exactly("out"),
        Draft.of(
                Case.of(17032, "spike-selects-a-key", dense())
                    .dtype(DType.BF16)
                    .qkv(1, 2, 2, 6, 8, 4, 4)
                    .without("d_out")
                    .without("d_lse")
                    .give("bias", bias(6, 8, 2048, (i, j) -> j == (3 * i + 2) % 8)),
                "One logit lies 2048 above the others, whose weights underflow to 0 in every type.",
                "SpikeLogit",
                "HugeLogits")
            .exactly("out"));
  }
}
