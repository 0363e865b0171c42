package dev.assay.mechanism.chunked;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import java.util.List;

/** With and without memory, both orders of rows, clamped distances, equally many keys. */
final class TransformerXlCases {
  private TransformerXlCases() {}

  static List<Case> all() {
    return List.of(
        segment(2461, "memory", 4, 7).build(),
        segment(2462, "descending", 4, 7, "order=DESCENDING").build(),
        segment(2463, "no-memory", 5, 5).remark("the first segment").build(),
        segment(2464, "clamped", 4, 8, "clampLength=3")
            .draw("r", Shape.of(2, 4, 3))
            .remark("distances from 3 on share a row")
            .build(),
        segment(2465, "same-length", 4, 8, "sameLength=4").remark("four keys for each").build(),
        segment(2466, "lengths", 3, 6)
            .give("q_lens", 3, 2)
            .give("k_lens", 6, 4)
            .remark("each batch entry has its own offset")
            .build(),
        segment(2467, "poisoned", 3, 5)
            .give("q_lens", 3, 2)
            .give("k_lens", 5, 3)
            .plant("q", Double.NaN, p -> p / 18 == 1 && p / 3 % 3 >= 2)
            .plant("k", Double.NaN, p -> p / 30 == 1 && p / 3 % 5 >= 3)
            .plant("v", Double.NaN, p -> p / 30 == 1 && p / 3 % 5 >= 3)
            .plant("d_out", Double.NaN, p -> p / 18 == 1 && p / 3 % 3 >= 2)
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("what lies behind the lengths reaches nothing, r and its biases included")
            .build(),
        segment(2468, "without-biases", 3, 5).without("r_w_bias").without("r_r_bias").build(),
        segment(2469, "mask-and-empty-rows", 5, 4)
            .give("mask", KeepMask.where(Shape.of(1, 2, 5, 4), x -> x[1] == 0 || x[2] != 3))
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("more queries than keys: row 0 is empty, row 3 of head 1 is masked")
            .build(),
        Case.of(2470, "grouped-heads", TransformerXl.class, "scale=0.4")
            .qkv(1, 4, 2, 3, 5, 2, 3)
            .draw("r", Shape.of(4, 5, 2))
            .draw("r_w_bias", Shape.of(4, 2))
            .draw("r_r_bias", Shape.of(4, 2))
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        segment(2471, "one-token", 1, 1).roles(Role.GRADIENT, Role.PARITY).build(),
        Case.of(2492, "long", TransformerXl.class)
            .qkv(1, 8, 8, 512, 1024, 64, 64)
            .draw("r", Shape.of(8, 1024, 64))
            .draw("r_w_bias", Shape.of(8, 64))
            .draw("r_r_bias", Shape.of(8, 64))
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder segment(
      int id, String name, int queries, int keys, String... settings) {
    return Case.of(id, name, TransformerXl.class, settings)
        .qkv(2, 2, 2, queries, keys, 3, 3)
        .draw("r", Shape.of(2, keys, 3))
        .draw("r_w_bias", Shape.of(2, 3))
        .draw("r_r_bias", Shape.of(2, 3));
  }
}
