package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import java.util.ArrayList;
import java.util.List;

/** Which query head reads which key head: all heads hold different data. */
final class HeadsCases {
  private static final int[][] HEADS = {
    {2, 1}, {2, 2}, {4, 1}, {4, 2}, {4, 4}, {8, 1}, {8, 2}, {8, 4}, {8, 8}
  };

  private HeadsCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    for (int p = 0; p < HEADS.length; p++) {
      int[] pair = HEADS[p];
      drafts.add(draft(12001 + p, "dense", dense(), pair[0], pair[1], DType.F32));
    }
    drafts.add(draft(12021, "causal-bf16", dense("causal=true"), 8, 2, DType.BF16));
    drafts.add(draft(12022, "causal-f16", dense("causal=true"), 4, 1, DType.F16));
    drafts.add(draft(12023, "causal-f64", dense("causal=true"), 6, 3, DType.F64));
    drafts.add(draft(12024, "window", window(5), 4, 2, DType.F32));
    drafts.add(
        Draft.of(
            Case.of(12025, "bias-of-query-heads", dense())
                .qkv(1, 4, 2, 9, 11, 4, 4)
                .draw("bias", Shape.of(1, 4, 9, 11)),
            "A bias for each query head, though two of them share their keys.",
            "GQA",
            "Bias"));
    return new Family("heads", drafts);
  }

  private static Draft draft(
      int id, String kind, Mechanism mechanism, int heads, int kvHeads, DType dtype) {
    String flag = kvHeads == heads ? "Basic" : kvHeads == 1 ? "MQA" : "GQA";
    return Draft.of(
            Case.of(id, kind + "-" + heads + "-" + kvHeads, mechanism)
                .dtype(dtype)
                .qkv(1, heads, kvHeads, 9, 11, 4, 4),
            heads + " query heads over " + kvHeads + " key heads, every head with other data.",
            flag)
        .guards("Dao-AILab/flash-attention#2528");
  }
}
