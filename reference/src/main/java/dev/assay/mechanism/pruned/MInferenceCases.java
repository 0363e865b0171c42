package dev.assay.mechanism.pruned;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.Case.Role;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.KeepMask;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/** The three patterns in both readings, heads of different patterns, lengths and given lines. */
final class MInferenceCases {
  private MInferenceCases() {}

  static List<Case> all() {
    return List.of(
        inference(4341, "vertical-slash", "vertical=2", "slash=2")
            .qkv(1, 2, 2, 9, 9, 3, 3)
            .remark("the first column and another, the main diagonal and another")
            .build(),
        inference(4342, "vertical-slash-literal", "reading=LITERAL", "vertical=2", "slash=2")
            .qkv(1, 2, 2, 9, 9, 3, 3)
            .remark("diagonals widened to blocks of two")
            .build(),
        inference(4343, "a-shape", "pattern=A_SHAPE", "init=2", "local=3")
            .qkv(1, 1, 1, 8, 8, 3, 3)
            .build(),
        inference(4344, "block-sparse", "pattern=BLOCK_SPARSE", "topBlocks=2")
            .qkv(1, 4, 2, 9, 9, 3, 3)
            .remark("the diagonal block and another; the last block is ragged")
            .build(),
        inference(
                4345,
                "block-sparse-literal",
                "reading=LITERAL",
                "pattern=BLOCK_SPARSE",
                "topBlocks=2")
            .qkv(1, 2, 2, 9, 9, 3, 3)
            .remark("rows whose block keeps earlier blocks alone; none is forced")
            .build(),
        inference(
                4346, "three-patterns", "vertical=1", "slash=3", "init=1", "local=2", "topBlocks=2")
            .qkv(1, 3, 3, 8, 8, 3, 3)
            .give("patterns", 0, 1, 2)
            .build(),
        inference(4347, "larger-than-all", "vertical=100")
            .qkv(1, 2, 1, 6, 6, 3, 3)
            .roles(Role.GRADIENT, Role.PARITY)
            .remark("the same as dense")
            .build(),
        inference(4348, "lengths", "vertical=2", "slash=1", "probe=3")
            .qkv(2, 1, 1, 8, 8, 3, 3)
            .give("q_lens", 8, 2)
            .give("k_lens", 8, 2)
            .remark("fewer tokens than the probe has")
            .build(),
        inference(4349, "given")
            .qkv(1, 2, 1, 4, 4, 3, 3)
            .give("columns", Tensor.of(Shape.of(1, 2, 4), 0, 1, 0, 0, 0, 0, 0, 0))
            .give("diagonals", Tensor.of(Shape.of(1, 1, 4), 0, 1, 0, 0))
            .remark("the first row keeps nothing")
            .build(),
        inference(4350, "masked", "vertical=2", "slash=2")
            .qkv(1, 1, 1, 7, 7, 3, 3)
            .give("mask", KeepMask.where(Shape.of(1, 1, 1, 7), x -> x[3] != 3))
            .plant("k", Double.NaN, p -> p / 3 == 3)
            .roles(Role.PARITY)
            .build(),
        inference(4351, "one-token").qkv(1, 1, 1, 1, 1, 2, 2).roles(Role.PARITY).build(),
        Case.of(4392, "long", MInference.class, "vertical=100", "slash=200")
            .qkv(1, 4, 4, 1024, 1024, 64, 64)
            .roles(Role.BENCH)
            .build());
  }

  /** The first column and the main diagonal are forced, the last two queries decide. */
  private static CaseBuilder inference(int id, String name, String... settings) {
    List<String> all =
        new ArrayList<>(
            List.of("block=2", "probe=2", "firstColumns=1", "nearDiagonals=1", "minSlash=1"));
    all.addAll(List.of(settings));
    return Case.of(id, name, MInference.class, all.toArray(String[]::new));
  }
}
