package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.blocks;
import static dev.assay.gradcheck.golden.Literals.list;
import static dev.assay.gradcheck.golden.Literals.mask;
import static dev.assay.gradcheck.golden.Literals.table;
import static dev.assay.gradcheck.golden.Literals.tables;

import dev.assay.mechanism.Case;
import dev.assay.mechanism.CaseBuilder;
import dev.assay.mechanism.Mechanism;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.ArrayList;
import java.util.List;

/**
 * Given blocks: regular, ragged, empty, full, by head, and their transpose in the backward pass.
 */
final class BlockSparseCases {
  private static final Mechanism B16 = blocks(16);
  private static final Mechanism B16_CAUSAL = blocks(16, "causal=true");

  private BlockSparseCases() {}

  static Family family() {
    List<Draft> drafts = new ArrayList<>();
    drafts.addAll(regular());
    drafts.addAll(edges());
    drafts.addAll(bounds());
    drafts.addAll(predicates());
    return new Family("blocks", drafts);
  }

  private static CaseBuilder square(int id, String name, Mechanism mechanism, int heads, int n) {
    return Case.of(id, name, mechanism).qkv(1, heads, heads, n, n, 4, 4);
  }

  private static List<Draft> regular() {
    return List.of(
        Draft.of(
            square(13001, "diagonal", B16, 1, 64)
                .give("block_mask", table("x...", ".x..", "..x.", "...x")),
            "Every block of queries sees its own block of keys.",
            "Basic",
            "FullBlock"),
        Draft.of(
                square(13002, "lower-triangle-transposed", B16, 1, 64)
                    .give("block_mask", table("xx..", ".xx.", "..xx", "x..x")),
                "Rows and columns of blocks differ: a backward pass that reads rows is wrong.",
                "BlockBackward")
            .guards("Dao-AILab/flash-attention#2623", "triton-lang/triton#419"),
        Draft.of(
            square(13003, "bf16", B16, 1, 64)
                .dtype(DType.BF16)
                .give("block_mask", table("x..x", "xx..", ".xx.", "..xx")),
            "Storage in bfloat16.",
            "BlockBackward"),
        Draft.of(
            square(13004, "f16", B16, 1, 64)
                .dtype(DType.F16)
                .give("block_mask", table("x..x", "xx..", ".xx.", "..xx")),
            "Storage in binary16.",
            "BlockBackward"),
        Draft.of(
            square(13005, "all-blocks", B16, 1, 48).give("block_mask", table("xxx", "xxx", "xxx")),
            "All blocks: the result is that of dense attention.",
            "FullBlock",
            "Metamorphic"),
        Draft.of(
            square(13006, "block-64", blocks(64), 1, 128).give("block_mask", table(".x", "xx")),
            "Blocks of 64.",
            "FullBlock"),
        Draft.of(
            square(13007, "block-1", blocks(1), 1, 6)
                .give(
                    "block_mask",
                    table("x.....", ".x...x", "x.x...", "...x..", ".x..x.", "x....x")),
            "Blocks of one token are a token mask.",
            "SingleKey"));
  }

  private static List<Draft> edges() {
    return List.of(
        Draft.of(
            square(13011, "empty-row-of-blocks", B16, 1, 48)
                .give("block_mask", table("x.x", "...", ".xx")),
            "A block of queries without any block: its rows are empty.",
            "EmptyBlock",
            "EmptyRow"),
        Draft.of(
            square(13012, "empty-column-of-blocks", B16, 1, 48)
                .give("block_mask", table("x.x", "x.x", "..x")),
            "A block of keys that nobody sees: its dk and dv are zero.",
            "EmptyBlock",
            "EmptyColumn"),
        Draft.of(
            square(13013, "no-blocks", B16, 1, 32).give("block_mask", table("..", "..")),
            "No block at all.",
            "EmptyBlock",
            "EmptyRow"),
        Draft.of(
            square(13014, "one-block-in-the-corner", B16, 1, 48)
                .give("block_mask", table("..x", "...", "...")),
            "One block off the diagonal: a transposed table reads another.",
            "EmptyBlock",
            "BlockBackward"),
        Draft.of(
            square(13015, "by-head", B16, 3, 48)
                .give(
                    "block_mask",
                    tables(3, "x..", ".x.", "..x", "xx.", "..x", "x.x", "...", "xxx", ".x.")),
            "Each head has blocks of its own.",
            "PerHeadBlocks"),
        Draft.of(
            Case.of(13016, "by-query-head-gqa", B16)
                .qkv(1, 4, 2, 48, 48, 4, 4)
                .give(
                    "block_mask",
                    tables(
                        4, "x..", ".x.", "..x", "xx.", "..x", "x.x", "..x", "xxx", ".x.", "xxx",
                        "x..", "x..")),
            "Blocks belong to query heads, though two of them share their keys.",
            "PerHeadBlocks",
            "GQA"),
        Draft.of(
            Case.of(13017, "by-batch-entry", B16)
                .qkv(2, 2, 1, 32, 32, 4, 4)
                .give(
                    "block_mask",
                    tables(4, "x.", ".x", "xx", "x.", ".x", "x.", "xx", "xx").reshape(2, 2, 2, 2)),
            "Each batch entry and head has blocks of its own.",
            "PerHeadBlocks",
            "MQA"));
  }

  private static List<Draft> bounds() {
    return List.of(
        Draft.of(
                square(13021, "ragged-last-block", B16, 1, 41)
                    .give("block_mask", table("x.x", "xx.", ".xx")),
                "The last block has nine tokens.",
                "RaggedBlock",
                "LastKey")
            .guards("Dao-AILab/flash-attention#334"),
        Draft.of(
            square(13022, "one-token-in-the-last-block", B16, 1, 33)
                .give("block_mask", table("x.x", ".xx", "x.x")),
            "The last block has one token.",
            "RaggedBlock",
            "LastKey",
            "LastQuery"),
        Draft.of(
            Case.of(13023, "rectangular-blocks", blocks(16, "blockK=64"))
                .qkv(1, 1, 1, 48, 203, 4, 4)
                .give("block_mask", table("x..x", ".x.x", "xx..")),
            "Blocks of 16 queries and 64 keys over a ragged length.",
            "RaggedBlock"),
        Draft.of(
            Case.of(13024, "tall-blocks", blocks(64, "blockK=16"))
                .qkv(1, 1, 1, 113, 65, 4, 4)
                .give("block_mask", table("x.x.x", ".x.xx")),
            "Blocks of 64 queries and 16 keys over ragged lengths.",
            "RaggedBlock"),
        Draft.of(
            Case.of(13025, "variable-blocks", B16)
                .qkv(1, 1, 1, 40, 40, 4, 4)
                .give("q_bounds", list(0, 1, 17, 40))
                .give("k_bounds", list(0, 7, 8, 23, 40))
                .give("block_mask", table("x..x", ".xx.", "xx.x")),
            "Every block has a size of its own.",
            "RaggedBlock"),
        Draft.of(
            square(13026, "lists", B16, 1, 48)
                .give("row_ptr", list(0, 2, 2, 5))
                .give("col_idx", list(0, 2, 0, 1, 2)),
            "The blocks come as compressed rows.",
            "EmptyBlock"),
        Draft.of(
            square(13027, "lists-by-head", B16, 2, 48)
                .give("row_ptr", Tensor.of(Shape.of(2, 4), 0, 1, 2, 3, 0, 3, 4, 6))
                .give("col_idx", Tensor.of(Shape.of(2, 6), 0, 1, 2, -1, -1, -1, 0, 1, 2, 1, 0, 2)),
            "Compressed rows of different length for each head, padded with -1.",
            "PerHeadBlocks"));
  }

  private static List<Draft> predicates() {
    return List.of(
        Draft.of(
            square(13031, "causal", B16_CAUSAL, 1, 64)
                .give("block_mask", table("x...", "xx..", ".xx.", "x..x")),
            "The token frontier cuts through the blocks on the diagonal.",
            "FullBlock",
            "CausalEqual"),
        Draft.of(
            square(13032, "causal-future-blocks", B16_CAUSAL, 1, 48)
                .give("block_mask", table("xxx", ".xx", "x.x")),
            "Blocks beyond the frontier are listed and hold nothing.",
            "FullBlock",
            "CausalEqual"),
        Draft.of(
            square(13033, "causal-only-future", B16_CAUSAL, 1, 32)
                .give("block_mask", table(".x", "xx")),
            "The only block of a row lies beyond the frontier: the rows are empty.",
            "EmptyRow",
            "CausalEqual"),
        Draft.of(
            Case.of(13034, "causal-cross-ragged-gqa", B16_CAUSAL)
                .qkv(1, 4, 2, 33, 50, 5, 3)
                .give("block_mask", table("xx..", ".xx.", "x..x")),
            "Frontier bottom-right, ragged blocks, shared keys, odd widths.",
            "CausalUnequal",
            "RaggedBlock",
            "GQA"),
        Draft.of(
            Case.of(13035, "lengths", B16)
                .qkv(2, 1, 1, 40, 40, 4, 4)
                .give("q_lens", list(40, 17))
                .give("k_lens", list(23, 40))
                .give("block_mask", table("x.x", "xx.", ".xx")),
            "Valid lengths end within blocks.",
            "Lengths",
            "RaggedBlock",
            "EmptyRow"),
        Draft.of(
            square(13036, "mask-within-blocks", B16, 2, 33)
                .give("mask", mask(33, 33, (i, j) -> (3 * i + j) % 5 < 2))
                .give("block_mask", table("xx.", ".xx", "x.x")),
            "A token mask within listed blocks.",
            "Mask",
            "FullBlock"),
        Draft.of(
            square(13037, "bias-within-blocks", B16, 1, 33)
                .draw("bias", Shape.of(1, 1, 33, 33))
                .give("block_mask", table("xx.", ".xx", "x.x")),
            "dbias is zero where no block is.",
            "Bias",
            "EmptyColumn"));
  }
}
