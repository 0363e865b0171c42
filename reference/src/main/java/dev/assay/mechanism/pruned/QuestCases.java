package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Distribution;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;

/** Decoding and prefill, pages around the length, forced pages, groups, ties and given pages. */
final class QuestCases {
  private QuestCases() {}

  static List<Case> all() {
    return List.of(
        quest(4001, "decode", "page=3", "budget=6", "minPages=1")
            .qkv(2, 2, 2, 1, 11, 4, 3)
            .remark("two of four pages, the open one of two keys among them")
            .build(),
        quest(4002, "decode-literal", "reading=LITERAL", "page=3", "budget=6", "minPages=1")
            .qkv(2, 2, 2, 1, 11, 4, 3)
            .build(),
        quest(4003, "prefill", "page=2", "budget=4", "minPages=1")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .remark("every query chooses among the pages up to its position")
            .build(),
        quest(4004, "grouped", "page=2", "budget=2", "minPages=2")
            .qkv(1, 4, 2, 2, 9, 3, 3)
            .remark("the heads of a group share their pages")
            .build(),
        quest(4005, "grouped-literal", "reading=LITERAL", "page=2", "budget=2", "minPages=2")
            .qkv(1, 4, 2, 2, 9, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        quest(4006, "first-page", "page=2", "budget=4", "minPages=1", "firstPage=true")
            .qkv(1, 1, 1, 3, 9, 4, 4)
            .remark("page 0 and the open page fill the budget")
            .build(),
        quest(4007, "more-pages-than-there-are", "page=4")
            .qkv(1, 2, 1, 2, 7, 4, 4)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the same as dense")
            .build(),
        quest(4008, "less-than-a-page").qkv(1, 1, 1, 1, 3, 4, 4).roles(Role.PARITY).build(),
        quest(4009, "both-directions", "causal=false", "page=2", "budget=4", "minPages=1")
            .qkv(1, 2, 2, 4, 8, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .build(),
        quest(4010, "empty-rows", "page=2", "budget=2", "minPages=1")
            .qkv(2, 1, 1, 5, 5, 3, 3)
            .give("q_lens", 5, 3)
            .give("k_lens", 3, 5)
            .remark("rows 0 and 1 of the first entry come before every key")
            .build(),
        quest(4011, "ties", "page=2", "budget=4", "minPages=1", "reading=LITERAL")
            .qkv(1, 1, 1, 2, 8, 2, 2)
            .draw("q", Shape.of(1, 1, 2, 2), Distribution.EXACT, CaseBuilder.UNIT)
            .give("k", Tensor.generate(Shape.of(1, 1, 8, 2), p -> p / 4 % 2))
            .roles(Role.GOLDEN, Role.PARITY)
            .remark("pages of equal bound: the lower one is read")
            .build(),
        quest(4012, "given", "page=2", "budget=2")
            .qkv(1, 2, 2, 2, 5, 3, 3)
            .give("block_mask", Tensor.of(Shape.of(1, 1, 2, 3), 1, 0, 0, 0, 0, 0))
            .remark("the second query reads no page: its row is empty")
            .build(),
        quest(4013, "dense-prefill", "page=2", "budget=2", "minPages=1", "densePrefill=true")
            .qkv(1, 1, 1, 4, 6, 3, 3)
            .roles(Role.PARITY)
            .build(),
        quest(4014, "masked", "page=2", "budget=2", "minPages=1")
            .qkv(1, 2, 1, 2, 8, 3, 3)
            .give("mask", KeepMask.where(Shape.of(1, 2, 1, 8), x -> x[3] % 4 != 3 - x[1]))
            .plant("k", Double.NaN, p -> p / 3 >= 7)
            .roles(Role.PARITY)
            .give("k_lens", 7)
            .remark("what a mask or a length excludes counts in no bound")
            .build(),
        quest(4090, "long", "budget=256").qkv(1, 8, 8, 16, 2048, 64, 64).roles(Role.BENCH).build());
  }

  private static CaseBuilder quest(int id, String name, String... settings) {
    return Case.of(id, name, Quest.class, settings);
  }
}
