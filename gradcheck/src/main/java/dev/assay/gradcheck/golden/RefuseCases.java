package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.blocks;
import static dev.assay.gradcheck.golden.Configured.chunks;
import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.headGate;
import static dev.assay.gradcheck.golden.Literals.NAN;
import static dev.assay.gradcheck.golden.Literals.list;
import static dev.assay.gradcheck.golden.Literals.table;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Inputs that break a rule: an implementation says so and gives no result. */
final class RefuseCases {
  private RefuseCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    drafts.addAll(shapes());
    drafts.addAll(lengths());
    drafts.addAll(choices());
    drafts.addAll(tables());
    return new Family("refuse", drafts);
  }

  private static CaseBuilder problem(int id, String name, Mechanism mechanism) {
    return Case.of(id, name, mechanism).qkv(2, 2, 2, 5, 6, 4, 4);
  }

  private static Draft refused(CaseBuilder problem, String comment, Refusal reason) {
    boolean index =
        reason == Refusal.LENGTH_OUT_OF_RANGE
            || reason == Refusal.BROKEN_PACKING
            || reason == Refusal.INDEX_OUT_OF_RANGE;
    return Draft.of(problem, comment, index ? "InvalidIndex" : "InvalidInput").refusedFor(reason);
  }

  private static List<Draft> shapes() {
    return List.of(
        refused(
            Case.of(19001, "heads-do-not-divide", dense()).qkv(1, 3, 2, 5, 6, 4, 4),
            "Three query heads cannot share two key heads.",
            Refusal.HEADS_DO_NOT_DIVIDE),
        refused(
            Case.of(19002, "more-key-heads", dense()).qkv(1, 2, 4, 5, 6, 4, 4),
            "More key heads than query heads.",
            Refusal.HEADS_DO_NOT_DIVIDE),
        refused(
            problem(19003, "value-heads-differ", dense()).draw("v", Shape.of(2, 1, 6, 4)),
            "Keys have two heads, values one.",
            Refusal.SHAPE_MISMATCH),
        refused(
            problem(19004, "fewer-values-than-keys", dense()).draw("v", Shape.of(2, 2, 5, 4)),
            "Six keys and five values.",
            Refusal.SHAPE_MISMATCH),
        refused(
            problem(19005, "widths-differ", dense()).draw("k", Shape.of(2, 2, 6, 3)),
            "Queries of four channels, keys of three.",
            Refusal.SHAPE_MISMATCH),
        refused(
            problem(19006, "batches-differ", dense())
                .draw("k", Shape.of(1, 2, 6, 4))
                .draw("v", Shape.of(1, 2, 6, 4)),
            "Two batch entries of queries, one of keys.",
            Refusal.SHAPE_MISMATCH),
        refused(
            problem(19007, "rank-three", dense()).draw("q", Shape.of(2, 5, 4)),
            "Queries without an axis of heads.",
            Refusal.WRONG_RANK),
        refused(
            problem(19008, "mask-does-not-broadcast", dense())
                .give("mask", Literals.all(1, 1, 1, 5, 4)),
            "A mask over four of six keys.",
            Refusal.SHAPE_MISMATCH),
        refused(
            problem(19009, "bias-does-not-broadcast", dense()).draw("bias", Shape.of(1, 3, 5, 6)),
            "A bias for three of two heads.",
            Refusal.SHAPE_MISMATCH),
        refused(
            problem(19010, "cotangent-does-not-fit", dense()).draw("d_out", Shape.of(2, 2, 5, 3)),
            "d_out is narrower than out.",
            Refusal.SHAPE_MISMATCH),
        refused(
            problem(19011, "past-without-values", dense()).draw("past_k", Shape.of(2, 2, 3, 4)),
            "Past keys without past values.",
            Refusal.MISSING_TENSOR));
  }

  private static List<Draft> lengths() {
    return List.of(
        refused(
            problem(19021, "negative-length", dense()).give("k_lens", list(3, -1)),
            "A negative number of valid keys.",
            Refusal.LENGTH_OUT_OF_RANGE),
        refused(
            problem(19022, "length-beyond-the-end", dense()).give("k_lens", list(3, 7)),
            "Seven valid keys of six.",
            Refusal.LENGTH_OUT_OF_RANGE),
        refused(
            problem(19023, "too-few-lengths", dense()).give("q_lens", list(5)),
            "One length for two batch entries.",
            Refusal.SHAPE_MISMATCH),
        refused(
            Case.of(19024, "packing-falls", dense())
                .qkv(1, 1, 1, 5, 6, 4, 4)
                .give("cu_seqlens_q", list(0, 3, 2, 5))
                .give("cu_seqlens_k", list(0, 2, 4, 6)),
            "Cumulative lengths that fall.",
            Refusal.BROKEN_PACKING),
        refused(
            Case.of(19025, "packing-begins-late", dense())
                .qkv(1, 1, 1, 5, 6, 4, 4)
                .give("cu_seqlens_q", list(1, 3, 5))
                .give("cu_seqlens_k", list(0, 4, 6)),
            "Cumulative lengths that do not begin with 0.",
            Refusal.BROKEN_PACKING),
        refused(
            Case.of(19026, "packing-beyond-the-end", dense())
                .qkv(1, 1, 1, 5, 6, 4, 4)
                .give("cu_seqlens_q", list(0, 3, 5))
                .give("cu_seqlens_k", list(0, 4, 9)),
            "Cumulative lengths beyond the keys.",
            Refusal.BROKEN_PACKING),
        refused(
            Case.of(19027, "packing-of-queries-only", dense())
                .qkv(1, 1, 1, 5, 6, 4, 4)
                .give("cu_seqlens_q", list(0, 3, 5)),
            "Packed queries without packed keys.",
            Refusal.MISSING_TENSOR));
  }

  private static List<Draft> choices() {
    Mechanism learned = chunks("sizeRule=FIXED", "size=4", "neighbours=LEARNED");
    return List.of(
        refused(
            Case.of(19031, "nan-score", learned)
                .qkv(1, 1, 1, 20, 20, 4, 4)
                .plant("k", NAN, p -> p == 33),
            "The score that neighbours are chosen by is NaN.",
            Refusal.NAN_SCORE),
        refused(
            Case.of(19032, "nan-gate", headGate())
                .qkv(1, 2, 2, 9, 9, 4, 4)
                .without("d_lse")
                .draw("w_gate", Shape.of(2, 8))
                .plant("w_gate", NAN, p -> p == 3),
            "The score that turns a head on or off is NaN.",
            Refusal.NAN_SCORE),
        refused(
            Case.of(19033, "duplicate-block", blocks(16))
                .qkv(1, 1, 1, 32, 32, 4, 4)
                .give("row_ptr", list(0, 2, 3))
                .give("col_idx", list(1, 1, 0)),
            "A block is listed twice.",
            Refusal.DUPLICATE),
        refused(
            Case.of(19034, "block-out-of-range", blocks(16))
                .qkv(1, 1, 1, 32, 32, 4, 4)
                .give("row_ptr", list(0, 1, 2))
                .give("col_idx", list(0, 2)),
            "A block that does not exist.",
            Refusal.INDEX_OUT_OF_RANGE),
        refused(
            Case.of(19035, "table-of-other-size", blocks(16))
                .qkv(1, 1, 1, 32, 32, 4, 4)
                .give("block_mask", table("x.", ".x", "xx")),
            "Three rows of blocks for two blocks of queries.",
            Refusal.SHAPE_MISMATCH),
        refused(
            Case.of(19036, "no-blocks-given", blocks(16)).qkv(1, 1, 1, 32, 32, 4, 4),
            "Neither a table nor lists of blocks.",
            Refusal.MISSING_TENSOR),
        refused(
            Case.of(19037, "blocks-given-twice", blocks(16))
                .qkv(1, 1, 1, 32, 32, 4, 4)
                .give("block_mask", table("x.", ".x"))
                .give("row_ptr", list(0, 1, 2))
                .give("col_idx", list(0, 1)),
            "A table and lists of blocks.",
            Refusal.CONTRADICTION),
        refused(
            problem(19038, "fractional-length", dense())
                .give("k_lens", Tensor.of(Shape.of(2), 2.5, 6)),
            "Two and a half valid keys.",
            Refusal.NOT_A_CHOICE),
        refused(
            Case.of(19039, "sequential-with-wide-values", chunks("combination=SEQUENTIAL"))
                .qkv(1, 1, 1, 20, 20, 4, 5)
                .without("d_lse"),
            "The output within chunks cannot be a query: it is wider.",
            Refusal.SHAPE_MISMATCH),
        refused(
            Case.of(19040, "neighbour-listed-twice", learned)
                .qkv(1, 1, 1, 12, 12, 4, 4)
                .give("idx", Tensor.of(Shape.of(1, 1, 3, 2), 1, 1, 0, 2, 0, 1)),
            "A neighbour is listed twice.",
            Refusal.DUPLICATE));
  }

  private static CaseBuilder twoByThree(int id, String name, int... extents) {
    return Case.of(id, name, blocks(4))
        .qkv(2, 3, 3, 8, 8, 2, 2)
        .give("block_mask", Literals.all(1, extents));
  }

  private static List<Draft> tables() {
    return List.of(
        refused(
            twoByThree(19041, "tables-in-one-axis", 6, 2, 2),
            "Six tables in a row for two batch entries of three heads.",
            Refusal.SHAPE_MISMATCH),
        refused(
            twoByThree(19042, "tables-by-head-first", 3, 2, 2, 2),
            "Tables for three heads of two batch entries, with the heads first.",
            Refusal.SHAPE_MISMATCH),
        refused(
            Case.of(19043, "table-of-two-and-nan", blocks(4))
                .qkv(1, 1, 1, 8, 8, 2, 2)
                .give("block_mask", Tensor.of(Shape.of(2, 2), 2, 0, NAN, -1)),
            "A table of blocks holds neither yes nor no.",
            Refusal.NOT_A_CHOICE),
        refused(
            Case.of(19044, "half-active", headGate())
                .qkv(1, 2, 2, 4, 4, 2, 2)
                .without("d_lse")
                .draw("w_gate", Shape.of(2, 4))
                .give("active", Tensor.of(Shape.of(1, 2, 1), 0.5, 1)),
            "A head is half switched on.",
            Refusal.NOT_A_CHOICE));
  }
}
