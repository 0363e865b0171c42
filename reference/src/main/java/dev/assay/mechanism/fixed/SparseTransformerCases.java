package dev.assay.mechanism.fixed;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import java.util.List;

/** Both patterns in all combinations and readings, ragged ends, empty rows, decoding. */
final class SparseTransformerCases {
  private SparseTransformerCases() {}

  static List<Case> all() {
    return List.of(
        sparse(2001, "strided", "stride=3").qkv(1, 1, 1, 10, 10, 4, 4).build(),
        sparse(2002, "fixed", "pattern=FIXED", "stride=4")
            .qkv(1, 2, 1, 10, 10, 4, 3)
            .remark("the last stretch is ragged")
            .build(),
        sparse(2003, "strided-heads", "combination=HEADS", "stride=3")
            .qkv(1, 2, 2, 8, 8, 2, 2)
            .remark("head 0 is local, head 1 strided")
            .build(),
        sparse(2004, "fixed-heads", "pattern=FIXED", "combination=HEADS", "stride=3")
            .qkv(1, 2, 2, 8, 8, 2, 2)
            .remark("rows 0 and 1 of head 1 come before the first summary column: empty")
            .build(),
        sparse(2005, "openai-local", "combination=FIRST", "reading=OPENAI", "stride=3")
            .qkv(1, 1, 1, 8, 8, 2, 2)
            .remark("three keys, the query's own included")
            .build(),
        sparse(2006, "lra-merged", "pattern=FIXED", "reading=LRA", "stride=4", "columns=2")
            .qkv(1, 1, 1, 11, 11, 2, 2)
            .remark("three summary columns in each stretch of four")
            .build(),
        sparse(2007, "lra-class-token", "pattern=FIXED", "reading=LRA", "stride=3", "clsToken=true")
            .qkv(1, 1, 1, 8, 8, 2, 2)
            .remark("row 0 sees the future")
            .build(),
        sparse(2008, "decode", "stride=3")
            .qkv(2, 2, 1, 2, 9, 2, 2)
            .give("k_lens", 9, 6)
            .remark("the last two queries of each batch entry")
            .build(),
        small(2009, "strided-second", "combination=SECOND", "stride=3")
            .qkv(1, 1, 1, 9, 9, 4, 4)
            .build(),
        small(2010, "fixed-second", "pattern=FIXED", "combination=SECOND", "stride=4", "columns=2")
            .qkv(1, 1, 1, 9, 9, 4, 4)
            .remark("two rows are empty")
            .build(),
        small(2011, "variants", "pattern=FIXED", "stride=4", "variants=2")
            .qkv(1, 4, 2, 10, 10, 4, 4)
            .remark("even heads take column 3, odd heads column 2")
            .build(),
        small(2012, "shorter-than-a-stride", "stride=8").qkv(1, 2, 2, 5, 5, 4, 4).build(),
        small(2013, "lengths", "pattern=FIXED", "stride=3")
            .qkv(2, 2, 2, 8, 8, 4, 4)
            .give("q_lens", 8, 4)
            .give("k_lens", 8, 4)
            .build(),
        small(2014, "bias-and-mask", "stride=3", "scale=0.7")
            .qkv(1, 2, 2, 7, 7, 4, 4)
            .draw("bias", Shape.of(1, 2, 7, 7))
            .give("mask", KeepMask.where(Shape.of(1, 1, 7, 7), x -> x[2] != 3 && x[3] != 4))
            .remark("row 3 is empty")
            .build(),
        small(2015, "more-queries", "stride=2", "combination=HEADS")
            .qkv(1, 2, 2, 7, 5, 4, 4)
            .remark("the first two rows stand before the first key")
            .build(),
        sparse(2090, "long", "stride=64")
            .qkv(1, 8, 8, 2048, 2048, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  private static CaseBuilder sparse(int id, String name, String... settings) {
    return Case.of(id, name, SparseTransformer.class, settings);
  }

  private static CaseBuilder small(int id, String name, String... settings) {
    return sparse(id, name, settings).roles(Role.GRADIENT, Role.PARITY);
  }
}
