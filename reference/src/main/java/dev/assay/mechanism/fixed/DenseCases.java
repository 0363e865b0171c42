package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** Shapes, heads, lengths, masks and numbers; what decoding needs is in {@link DecodingCases}. */
final class DenseCases {
  private DenseCases() {}

  static List<Case> all() {
    List<Case> all = new ArrayList<>();
    all.addAll(shapes());
    all.addAll(lengthsAndMasks());
    all.addAll(numbers());
    all.addAll(DecodingCases.all());
    all.addAll(LinearBiasCases.all());
    all.add(
        dense(1090, "long", "causal=true")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .roles(Role.BENCH)
            .build());
    return List.copyOf(all);
  }

  private static CaseBuilder dense(int id, String name, String... settings) {
    return Case.of(id, name, Dense.class, settings);
  }

  private static List<Case> shapes() {
    return List.of(
        dense(1001, "square").qkv(1, 1, 1, 8, 8, 4, 4).remark("the plainest of all").build(),
        dense(1002, "causal", "causal=true").qkv(1, 1, 1, 8, 8, 4, 4).build(),
        dense(1003, "batch-and-heads").qkv(2, 3, 3, 5, 5, 4, 4).build(),
        dense(1004, "grouped-heads", "causal=true").qkv(2, 4, 2, 6, 6, 4, 4).build(),
        dense(1005, "one-key-head").qkv(1, 4, 1, 5, 7, 4, 4).build(),
        dense(1006, "wide-values").qkv(1, 2, 2, 6, 6, 3, 5).remark("d_v > d").build(),
        dense(1007, "one-value-channel", "causal=true").qkv(1, 2, 1, 6, 6, 4, 1).build(),
        dense(1008, "cross").qkv(2, 2, 2, 3, 7, 4, 4).build(),
        dense(1009, "causal-fewer-queries", "causal=true")
            .qkv(1, 2, 2, 4, 9, 4, 4)
            .remark("bottom-right: query 0 sees six keys")
            .build(),
        dense(1010, "causal-more-queries", "causal=true")
            .qkv(1, 2, 2, 9, 4, 4, 4)
            .remark("the first five rows are empty")
            .build(),
        dense(1011, "one-token", "causal=true").qkv(1, 2, 2, 1, 1, 4, 4).build(),
        dense(1012, "one-channel").qkv(1, 1, 1, 5, 5, 1, 1).build(),
        dense(1013, "seventeen").qkv(1, 1, 1, 17, 17, 7, 5).remark("no extent is even").build());
  }

  private static List<Case> lengthsAndMasks() {
    double none = Double.NEGATIVE_INFINITY;
    Tensor checkered =
        KeepMask.where(Shape.of(1, 1, 6, 6), x -> x[2] != 4 && (x[2] + x[3]) % 2 == 0);
    return List.of(
        dense(1014, "key-lengths")
            .qkv(3, 2, 2, 5, 6, 4, 4)
            .give("k_lens", 4, 0, 6)
            .remark("batch entry 1 has no key at all")
            .build(),
        dense(1015, "padded-both", "causal=true")
            .qkv(2, 2, 1, 6, 6, 4, 4)
            .give("q_lens", 3, 6)
            .give("k_lens", 3, 5)
            .build(),
        dense(1016, "poisoned-padding", "causal=true")
            .qkv(2, 1, 1, 5, 5, 3, 3)
            .give("q_lens", 5, 2)
            .give("k_lens", 5, 2)
            .plant("q", Double.NaN, p -> p / 3 % 5 >= 2 && p / 15 == 1)
            .plant("k", Double.NaN, p -> p / 3 % 5 >= 2 && p / 15 == 1)
            .plant("v", Double.POSITIVE_INFINITY, p -> p / 3 % 5 >= 2 && p / 15 == 1)
            .plant("d_out", Double.NaN, p -> p / 3 % 5 >= 2 && p / 15 == 1)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("NaN and infinity behind the lengths reach nothing")
            .build(),
        dense(1017, "mask-with-empty-row")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .give("mask", checkered)
            .remark("row 4 is empty")
            .build(),
        dense(1018, "mask-per-head")
            .qkv(1, 2, 2, 4, 5, 4, 4)
            .give("mask", KeepMask.where(Shape.of(1, 2, 1, 5), x -> x[3] != x[1]))
            .build(),
        dense(1019, "bias").qkv(2, 2, 1, 5, 5, 4, 4).draw("bias", Shape.of(2, 2, 5, 5)).build(),
        dense(1020, "bias-broadcast", "causal=true")
            .qkv(2, 2, 2, 5, 5, 4, 4)
            .draw("bias", Shape.of(1, 2, 1, 5))
            .remark("its gradient is summed over batch and rows")
            .build(),
        dense(1021, "bias-minus-infinity")
            .qkv(1, 1, 1, 5, 5, 4, 4)
            .draw("bias", Shape.of(1, 1, 5, 5))
            .plant("bias", none, p -> p / 5 == 3 || p % 7 == 2)
            .remark("row 3 is empty")
            .build(),
        dense(1022, "mask-and-bias-and-causal", "causal=true", "softcap=2", "scale=0.7")
            .qkv(1, 4, 2, 6, 6, 4, 4)
            .draw("bias", Shape.of(1, 4, 6, 6))
            .give("mask", checkered)
            .remark("all predicates together")
            .build());
  }

  private static List<Case> numbers() {
    return List.of(
        dense(1023, "softcap", "softcap=1.5").qkv(1, 2, 2, 6, 6, 4, 4).build(),
        dense(1024, "scale-one", "scale=1").qkv(1, 1, 1, 6, 6, 4, 4).build(),
        dense(1025, "spikes")
            .qkv(1, 2, 2, 8, 8, 4, 4)
            .draw("q", Shape.of(1, 2, 8, 4), Distribution.SPIKE, CaseBuilder.UNIT)
            .draw("k", Shape.of(1, 2, 8, 4), Distribution.SPIKE, CaseBuilder.UNIT)
            .remark("single keys take nearly all the weight")
            .build(),
        dense(1026, "ties")
            .qkv(1, 1, 1, 6, 6, 2, 2)
            .draw("q", Shape.of(1, 1, 6, 2), Distribution.TIES, CaseBuilder.UNIT)
            .draw("k", Shape.of(1, 1, 6, 2), Distribution.TIES, CaseBuilder.UNIT)
            .remark("logits tie; the softmax does not mind")
            .build(),
        dense(1027, "dropout", "dropoutRate=0.25")
            .qkv(1, 2, 2, 6, 6, 4, 4)
            .give(
                "dropout_keep",
                KeepMask.where(Shape.of(1, 2, 6, 6), x -> (x[2] * 5 + x[3] * 3 + x[1]) % 4 != 0))
            .remark("kept weights count 4/3; the LSE is that of the softmax without dropout")
            .build(),
        dense(1028, "infinite-logit")
            .qkv(1, 1, 1, 4, 4, 2, 2)
            .plant("k", Double.NEGATIVE_INFINITY, p -> p == 2)
            .plant("q", 1, p -> p % 2 == 0)
            .plant("v", Double.NaN, p -> p / 2 == 1)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("key 1 has logit -inf everywhere: it counts as masked, its value is not read")
            .build());
  }
}
