package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;
import static dev.assay.gradcheck.golden.Literals.list;
import static dev.assay.gradcheck.golden.Literals.mask;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** Wiring: dense, causal and windowed attention in every type, then each option alone. */
final class BasicCases {
  private BasicCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    drafts.addAll(everyType(10001, "dense", dense(), "Basic"));
    drafts.addAll(everyType(10005, "causal", dense("causal=true"), "CausalEqual"));
    drafts.addAll(everyType(10009, "window", window(3), "Window"));
    drafts.addAll(shapes());
    drafts.addAll(frontiers());
    drafts.addAll(logits());
    drafts.addAll(positions());
    return new Family("basic", drafts);
  }

  private static List<Draft> everyType(int id, String name, Mechanism mechanism, String flag) {
    List<Draft> drafts = new ArrayList<>();
    for (DType dtype : List.of(DType.F64, DType.F32, DType.BF16, DType.F16)) {
      String type = dtype.name().toLowerCase(Locale.ROOT);
      drafts.add(
          Draft.of(
              Case.of(id + drafts.size(), name + "-" + type, mechanism)
                  .dtype(dtype)
                  .qkv(1, 2, 2, 9, 9, 4, 4),
              "A plain problem in " + dtype + ": is the harness wired up?",
              flag,
              "LseGrad"));
    }
    return drafts;
  }

  private static CaseBuilder small(int id, String name, Mechanism mechanism) {
    return Case.of(id, name, mechanism).qkv(2, 1, 1, 7, 9, 4, 4);
  }

  private static List<Draft> shapes() {
    return List.of(
        Draft.of(
            Case.of(10020, "one-query", dense()).qkv(1, 2, 2, 1, 33, 8, 8),
            "A decoding step: one query, many keys.",
            "Basic"),
        Draft.of(
                Case.of(10021, "one-key", dense()).qkv(1, 2, 2, 9, 1, 8, 8),
                "One key: the softmax is 1 and out is its value, bit for bit.",
                "SingleKey",
                "ExactInteger")
            .exactly("out"),
        Draft.of(
                Case.of(10022, "one-token", dense("causal=true")).qkv(1, 1, 1, 1, 1, 3, 3),
                "The smallest problem that there is.",
                "SingleKey")
            .exactly("out"),
        Draft.of(
            Case.of(10023, "odd-head-dim", dense()).qkv(1, 2, 2, 7, 9, 5, 5),
            "Five channels: no vector width divides it.",
            "HeadDimOdd"),
        Draft.of(
            Case.of(10024, "head-dim-33", dense("causal=true")).qkv(1, 1, 1, 8, 8, 33, 33),
            "One channel more than a vector of 32.",
            "HeadDimOdd"),
        Draft.of(
            Case.of(10025, "narrow-values", dense()).qkv(1, 2, 2, 7, 9, 8, 3),
            "Values narrower than keys.",
            "HeadDimDv"),
        Draft.of(
            Case.of(10026, "wide-values", dense()).qkv(1, 2, 2, 7, 9, 3, 8),
            "Values wider than keys: the scale comes from the width of the keys.",
            "HeadDimDv"));
  }

  private static List<Draft> frontiers() {
    return List.of(
        Draft.of(
                small(10030, "causal-cross", dense("causal=true")),
                "Two keys more than queries: the last query sees the last key.",
                "CausalUnequal")
            .guards("Dao-AILab/flash-attention#282"),
        Draft.of(
            Case.of(10031, "causal-more-queries", dense("causal=true")).qkv(1, 2, 2, 9, 6, 4, 4),
            "Three queries more than keys: the first three rows are empty.",
            "CausalMoreQueries",
            "EmptyRow"),
        Draft.of(
            small(10032, "causal-offset", dense("causal=true")).give("offset", list(0, 5)),
            "The position of query 0 is given for each batch entry: top-left in the first.",
            "CausalOffset"),
        Draft.of(
            small(10033, "causal-negative-offset", dense("causal=true"))
                .give("offset", list(-2, -7)),
            "Queries before the first key: two empty rows, and a batch entry of empty rows.",
            "CausalOffset",
            "EmptyRow"),
        Draft.of(
            small(10034, "window-of-one", window(1)),
            "A window of one key is the query's own.",
            "WindowEdge",
            "SingleKey"),
        Draft.of(
            small(10035, "window-both-sides", window(3, "causal=false")),
            "Two keys before, two after, and the query's own.",
            "Window",
            "WindowEdge"),
        Draft.of(
            small(10036, "window-wider-than-keys", window(64)),
            "A window that reaches beyond everything.",
            "WindowEdge"),
        Draft.of(
            Case.of(10037, "window-more-queries", window(2)).qkv(1, 1, 1, 9, 5, 4, 4),
            "A window whose first rows stand before the first key.",
            "Window",
            "EmptyRow"),
        Draft.of(
            small(10038, "lengths", dense()).give("q_lens", list(7, 4)).give("k_lens", list(6, 9)),
            "Valid lengths for each batch entry; rows behind them are empty.",
            "Lengths",
            "EmptyRow",
            "EmptyColumn"),
        Draft.of(
            small(10039, "causal-lengths", dense("causal=true"))
                .give("q_lens", list(5, 7))
                .give("k_lens", list(9, 3)),
            "The causal frontier follows the valid lengths, not the extents.",
            "Lengths",
            "CausalUnequal",
            "EmptyRow"),
        Draft.of(
                small(10040, "no-keys", dense()).give("k_lens", list(0, 9)),
                "A batch entry without keys: zeros, -inf and no gradient.",
                "EmptyBatch",
                "EmptyRow")
            .guards("Dao-AILab/flash-attention#2470", "deepseek-ai/FlashMLA#11"),
        Draft.of(
                Case.of(10041, "packed", dense("causal=true"))
                    .qkv(1, 2, 2, 12, 15, 4, 4)
                    .give("cu_seqlens_q", list(0, 1, 1, 8, 12))
                    .give("cu_seqlens_k", list(0, 3, 5, 12, 15)),
                "Four packed sequences, one without queries and one with more queries than keys.",
                "Packed",
                "EmptyBatch",
                "CausalMoreQueries")
            .guards("Dao-AILab/flash-attention#2568"));
  }

  private static List<Draft> logits() {
    return List.of(
        Draft.of(small(10050, "scale", dense("scale=0.25")), "The scale is given.", "Scale"),
        Draft.of(
            small(10051, "negative-scale", dense("scale=-0.5")),
            "A negative scale turns the order of the keys round.",
            "Scale"),
        Draft.of(
            small(10052, "softcap", dense("softcap=1.5", "causal=true")),
            "Logits are capped before they are masked.",
            "Softcap"),
        Draft.of(
            small(10053, "softcap-and-bias", dense("softcap=1")).draw("bias", Shape.of(1, 1, 7, 9)),
            "The bias comes after the cap, so it is not capped.",
            "Softcap",
            "Bias"),
        Draft.of(
            small(10054, "bias", dense()).draw("bias", Shape.of(2, 1, 7, 9)),
            "A bias of its own for every pair.",
            "Bias"),
        Draft.of(
            small(10055, "bias-by-key", dense()).draw("bias", Shape.of(2, 1, 1, 9)),
            "A bias that is the same for all queries and heads: dbias is a sum.",
            "Bias"),
        Draft.of(
            small(10056, "bias-by-query", dense("causal=true")).draw("bias", Shape.of(1, 1, 7, 1)),
            "A bias that is the same along a row changes the LSE and nothing else.",
            "Bias",
            "Metamorphic"),
        Draft.of(
            small(10057, "mask", dense()).give("mask", mask(7, 9, (i, j) -> (i * 5 + j) % 3 != 0)),
            "A boolean mask for all batch entries and heads.",
            "Mask"),
        Draft.of(
            small(10058, "mask-rows-and-columns", dense())
                .give("mask", mask(7, 9, (i, j) -> i != 3 && j != 0 && j != 8)),
            "One row sees nothing; the first and the last key are seen by none.",
            "Mask",
            "EmptyRow",
            "EmptyColumn"),
        Draft.of(
            small(10059, "causal-mask-bias", dense("causal=true"))
                .give("mask", mask(7, 9, (i, j) -> (i + j) % 4 != 1))
                .draw("bias", Shape.of(1, 1, 7, 9)),
            "Everything at once: frontier, mask and bias.",
            "Mask",
            "Bias",
            "CausalUnequal"),
        Draft.of(
            small(10060, "sink", dense("causal=true"))
                .give("mask", mask(7, 9, (i, j) -> j < 2 || i + 2 - j < 3)),
            "Two sink keys and a window of three.",
            "SinkToken",
            "Window"));
  }

  private static List<Draft> positions() {
    return List.of(
        Draft.of(
            small(10070, "past", dense("causal=true"))
                .draw("past_k", Shape.of(2, 1, 5, 4))
                .draw("past_v", Shape.of(2, 1, 5, 4)),
            "Five past keys come first, and have gradients of their own.",
            "Past",
            "CausalUnequal"),
        Draft.of(
            small(10071, "rope-half", dense("causal=true", "rope=HALF")),
            "Rotary positions, channel c paired with c + d/2.",
            "Rope"),
        Draft.of(
            small(10072, "rope-interleaved", dense("causal=true", "rope=INTERLEAVED")),
            "Rotary positions, channel 2c paired with 2c + 1.",
            "Rope"),
        Draft.of(
            small(10073, "rope-partial", dense("rope=HALF", "rotaryDim=2", "theta=100")),
            "Rotary positions on the first two channels only, with another base.",
            "Rope"));
  }
}
