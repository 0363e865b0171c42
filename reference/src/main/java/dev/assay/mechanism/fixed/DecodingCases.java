package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Cases of {@link Dense} with positions, past keys, packed sequences and pages. */
final class DecodingCases {
  private DecodingCases() {}

  static List<Case> all() {
    return List.of(
        dense(1041, "rope-half", "causal=true", "rope=HALF").qkv(1, 2, 2, 6, 6, 4, 4).build(),
        dense(1042, "rope-interleaved", "rope=INTERLEAVED").qkv(2, 2, 1, 5, 5, 6, 4).build(),
        dense(1043, "rope-part", "rope=HALF", "rotaryDim=4", "theta=500")
            .qkv(1, 1, 1, 6, 6, 7, 3)
            .remark("channels 4 to 6 pass through")
            .build(),
        dense(1044, "rope-given", "rope=INTERLEAVED", "causal=true")
            .qkv(1, 1, 1, 3, 5, 4, 4)
            .give("cos", Tensor.generate(Shape.of(5, 2), p -> 1 - p / 16.0))
            .give("sin", Tensor.generate(Shape.of(5, 2), p -> p / 8.0))
            .remark("a table need not be of unit length")
            .build(),
        dense(1055, "rope-given-short", "rope=HALF", "causal=true")
            .qkv(1, 1, 1, 6, 6, 2, 2)
            .give("q_lens", 5)
            .give("k_lens", 3)
            .give("cos", Tensor.generate(Shape.of(3, 1), p -> 1 - p / 16.0))
            .give("sin", Tensor.generate(Shape.of(3, 1), p -> p / 8.0))
            .remark("tokens behind a length and rows 0 and 1, which are empty, have no angle")
            .build(),
        dense(1045, "rope-lengths", "rope=HALF", "causal=true")
            .qkv(2, 2, 2, 4, 6, 4, 4)
            .give("q_lens", 2, 4)
            .give("k_lens", 6, 5)
            .remark("each batch entry has its own offset")
            .build(),
        dense(1046, "offset-top-left", "causal=true")
            .qkv(2, 1, 1, 4, 6, 4, 4)
            .give("offset", 0, 1)
            .build(),
        dense(1047, "offset-negative", "causal=true")
            .qkv(1, 1, 1, 5, 5, 4, 4)
            .give("offset", -2)
            .remark("rows 0 and 1 are empty")
            .build(),
        dense(1048, "decode-one", "causal=true").qkv(2, 4, 2, 1, 9, 4, 4).build(),
        dense(1049, "past", "causal=true")
            .qkv(1, 2, 1, 3, 3, 4, 5)
            .draw("past_k", Shape.of(1, 1, 4, 4))
            .draw("past_v", Shape.of(1, 1, 4, 5))
            .build(),
        dense(1050, "past-rope", "causal=true", "rope=HALF")
            .qkv(1, 2, 2, 2, 2, 4, 4)
            .draw("past_k", Shape.of(1, 2, 3, 4))
            .draw("past_v", Shape.of(1, 2, 3, 4))
            .remark("new keys stand at 3 and 4")
            .build(),
        dense(1051, "packed", "causal=true")
            .qkv(1, 2, 1, 9, 11, 4, 4)
            .give("cu_seqlens_q", 0, 3, 3, 8, 9)
            .give("cu_seqlens_k", 0, 5, 7, 11, 11)
            .remark("sequence 1 has no query, sequence 3 no key, sequence 2 an empty first row")
            .build(),
        dense(1052, "packed-rope", "rope=INTERLEAVED")
            .qkv(1, 1, 1, 7, 7, 4, 4)
            .give("cu_seqlens_q", 0, 4, 7)
            .give("cu_seqlens_k", 0, 4, 7)
            .build(),
        paged(1053, "paged", "causal=true").build(),
        paged(1054, "paged-rope", "causal=true", "rope=HALF").build());
  }

  private static CaseBuilder dense(int id, String name, String... settings) {
    return Case.of(id, name, Dense.class, settings);
  }

  /** Seven and four keys of two heads in pages of three, out of order; page 1 belongs to nobody. */
  private static CaseBuilder paged(int id, String name, String... settings) {
    Shape pool = Shape.of(6, 2, 3, 4);
    return dense(id, name, settings)
        .qkv(2, 4, 2, 2, 1, 4, 4)
        .draw("k", pool)
        .draw("v", pool)
        .plant("k", Double.NaN, p -> unused(p / 24, p / 4 % 3))
        .plant("v", Double.NaN, p -> unused(p / 24, p / 4 % 3))
        .give("page_table", Tensor.of(Shape.of(2, 3), 4, 0, 5, 3, 2, -1))
        .give("k_lens", 7, 4)
        .roles(Role.GOLDEN, Role.PARITY)
        .remark("unused slots hold NaN");
  }

  private static boolean unused(int page, int slot) {
    return switch (page) {
      case 1 -> true;
      case 5, 2 -> slot >= 1;
      default -> false;
    };
  }
}
