package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;
import static dev.assay.gradcheck.golden.Literals.INF;
import static dev.assay.gradcheck.golden.Literals.NAN;
import static dev.assay.gradcheck.golden.Literals.all;
import static dev.assay.gradcheck.golden.Literals.bias;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.DType;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToDoubleFunction;

/** Special values, and numbers that are hard: poison, NaN, infinities, huge, tiny, tied. */
final class SpecialCases {
  private static final int UNIT = CaseBuilder.UNIT;

  private SpecialCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>(PoisonCases.drafts());
    drafts.addAll(admissible());
    drafts.addAll(large());
    drafts.addAll(rows());
    drafts.addAll(small());
    return new Family("special", drafts);
  }

  private static CaseBuilder problem(int id, String name, String... settings) {
    return Case.of(id, name, dense(settings)).qkv(1, 2, 2, 9, 12, 4, 4);
  }

  private static CaseBuilder forward(int id, String name, String... settings) {
    return problem(id, name, settings).without("d_out").without("d_lse");
  }

  /** Position of key 4, channel 1 of the first head. */
  private static boolean oneElement(int position) {
    return position == 4 * 4 + 1;
  }

  /** The key that an element of keys of four channels belongs to. */
  private static int key(int position) {
    return position / 4;
  }

  private static List<Draft> admissible() {
    return List.of(
        Draft.of(
            forward(16101, "nan-in-a-value", "causal=true")
                .plant("v", NAN, SpecialCases::oneElement),
            "One channel of a value is NaN: that channel is NaN in the rows that see the key.",
            "NaNPropagates"),
        Draft.of(
            forward(16102, "nan-in-a-key", "causal=true").plant("k", NAN, SpecialCases::oneElement),
            "One channel of a key is NaN: the rows that see the key are NaN, the others are not.",
            "NaNPropagates"),
        Draft.of(
            forward(16103, "infinite-value", "causal=true")
                .plant("v", INF, SpecialCases::oneElement),
            "One channel of a value is infinite.",
            "NaNPropagates"),
        Draft.of(
            forward(16104, "opposite-infinities")
                .give(
                    "v",
                    element(
                        Shape.of(1, 2, 12, 4),
                        p -> p == 4 * 4 + 1 ? INF : p == 6 * 4 + 1 ? -INF : p % 7 - 3)),
            "Infinities of both signs in one channel: their sum is NaN.",
            "NaNPropagates"),
        Draft.of(
            forward(16105, "minus-infinite-logit")
                .give("q", all(0.5, 1, 2, 9, 4))
                .plant("k", -INF, SpecialCases::oneElement),
            "A logit of -inf counts as masked.",
            "NegInfBias"));
  }

  private static Tensor element(Shape shape, IntToDoubleFunction value) {
    return Tensor.generate(shape, value);
  }

  private static List<Draft> large() {
    return List.of(
        Draft.of(
            problem(16111, "huge-logits")
                .draw("q", Shape.of(1, 2, 9, 4), Distribution.BELL, UNIT + 5)
                .draw("k", Shape.of(1, 2, 12, 4), Distribution.BELL, UNIT + 5),
            "Logits in the thousands: nothing overflows that is shifted by its maximum.",
            "HugeLogits"),
        Draft.of(
                problem(16112, "very-negative-logits")
                    .give("bias", bias(9, 12, -50000, (i, j) -> true)),
                "All logits lie at -50000: the rows are not empty.",
                "AllVeryNegative")
            .guards("flashinfer-ai/flashinfer#4267"),
        Draft.of(
            problem(16113, "very-positive-logits").give("bias", bias(9, 12, 50000, (i, j) -> true)),
            "All logits lie at +50000.",
            "HugeLogits"),
        Draft.of(
                problem(16114, "saturated-softcap", "softcap=1")
                    .draw("q", Shape.of(1, 2, 9, 4), Distribution.BELL, UNIT + 6)
                    .draw("k", Shape.of(1, 2, 12, 4), Distribution.BELL, UNIT + 6),
                "Logits far beyond the cap.",
                "SoftcapSaturated",
                "HugeLogits")
            .guards("vllm-project/vllm#56578"),
        Draft.of(
            Case.of(16115, "overflow-in-f16", dense("scale=0x1p-12"))
                .dtype(DType.F16)
                .qkv(1, 2, 2, 9, 12, 16, 4)
                .draw("q", Shape.of(1, 2, 9, 16), Distribution.BELL, UNIT + 8)
                .draw("k", Shape.of(1, 2, 12, 16), Distribution.BELL, UNIT + 8),
            "q.k exceeds 65504 before a small scale brings it back.",
            "Overflow16",
            "Scale"),
        Draft.of(
            problem(16117, "finite-mask")
                .give("bias", bias(9, 12, -Float.MAX_VALUE, (i, j) -> (2 * i + j) % 3 == 0)),
            "The smallest number of binary32 as a mask: times log2 e it would be -inf.",
            "Bias"),
        Draft.of(
            forward(16118, "finite-mask-of-a-row")
                .give("bias", bias(9, 12, -1e9, (i, j) -> i == 4)),
            "A row under a finite mask is not empty: it attends to all that it would without.",
            "Bias",
            "AllVeryNegative"),
        Draft.of(
            problem(16116, "wide-values").draw("v", Shape.of(1, 2, 12, 4), Distribution.WIDE, UNIT),
            "Values over sixteen powers of two.",
            "Cancellation"));
  }

  private static List<Draft> rows() {
    Shape keys = Shape.of(1, 1, 203, 4);
    return List.of(
        Draft.of(
            problem(16121, "minus-infinite-bias")
                .give("bias", bias(9, 12, -INF, (i, j) -> i == 4 || (2 * i + j) % 3 == 0)),
            "A bias of -inf excludes pairs, and one row as a whole.",
            "NegInfBias",
            "EmptyRow"),
        Draft.of(
            problem(16122, "equal-logits").give("q", all(0, 1, 2, 9, 4)),
            "Queries of zero: the mean of twelve values.",
            "EqualLogits"),
        Draft.of(
            problem(16123, "tied-logits")
                .draw("q", Shape.of(1, 2, 9, 4), Distribution.TIES, UNIT)
                .draw("k", Shape.of(1, 2, 12, 4), Distribution.TIES, UNIT),
            "Numbers from four levels: many logits tie.",
            "EqualLogits"),
        Draft.of(
            Case.of(16124, "spikes", dense())
                .qkv(1, 1, 1, 17, 203, 4, 4)
                .draw("k", keys, Distribution.SPIKE, UNIT),
            "Single keys dominate their rows.",
            "SpikeLogit"),
        Draft.of(
            Case.of(16125, "rising-maximum", dense())
                .qkv(1, 1, 1, 5, 203, 4, 4)
                .give("q", all(1, 1, 1, 5, 4))
                .give("k", element(keys, p -> key(p) / 8.0)),
            "Every key beats all before it: each block of keys rescales what was summed.",
            "RisingMax",
            "LastKey"),
        Draft.of(
            Case.of(16126, "falling-maximum", dense())
                .qkv(1, 1, 1, 5, 203, 4, 4)
                .give("q", all(1, 1, 1, 5, 4))
                .give("k", element(keys, p -> -key(p) / 8.0)),
            "The first key beats all after it.",
            "SpikeLogit"),
        Draft.of(
            Case.of(16127, "spike-in-the-window", window(64))
                .qkv(1, 1, 1, 70, 130, 4, 4)
                .draw("k", Shape.of(1, 1, 130, 4), Distribution.SPIKE, UNIT),
            "Dominating keys enter and leave a window.",
            "SpikeLogit",
            "WindowEdge"));
  }

  private static List<Draft> small() {
    return List.of(
        Draft.of(
            problem(16131, "subnormal-f32")
                .draw("v", Shape.of(1, 2, 12, 4), Distribution.BELL, UNIT - 130),
            "Values below the smallest normal binary32.",
            "SubnormalOut"),
        Draft.of(
            problem(16132, "subnormal-f16")
                .dtype(DType.F16)
                .draw("v", Shape.of(1, 2, 12, 4), Distribution.BELL, UNIT - 16),
            "Values below the smallest normal binary16.",
            "SubnormalOut"),
        Draft.of(
            Case.of(16133, "negative-zeros", dense())
                .qkv(1, 1, 1, 4, 6, 4, 4)
                .give("q", all(-0.0, 1, 1, 4, 4))
                .give("v", element(Shape.of(1, 1, 6, 4), p -> p % 2 == 0 ? -0.0 : 0.0)),
            "Zeros of either sign.",
            "NegativeZero",
            "EqualLogits"),
        Draft.of(
            Case.of(16134, "cancelling-values", dense())
                .qkv(1, 2, 2, 9, 64, 4, 5)
                .draw("v", Shape.of(1, 2, 64, 5), Distribution.ANTI, UNIT),
            "Values alternate in sign from key to key.",
            "Cancellation",
            "HeadDimOdd"),
        Draft.of(
            problem(16135, "sparse-numbers")
                .draw("q", Shape.of(1, 2, 9, 4), Distribution.SPARSE, UNIT)
                .draw("k", Shape.of(1, 2, 12, 4), Distribution.SPARSE, UNIT)
                .draw("v", Shape.of(1, 2, 12, 4), Distribution.SPARSE, UNIT),
            "Most numbers are zero.",
            "EqualLogits"));
  }
}
