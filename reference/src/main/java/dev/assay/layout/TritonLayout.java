package dev.assay.layout;

import dev.assay.tensor.DType;
import java.io.IOException;
import java.util.List;
import java.util.OptionalInt;
import java.util.Set;

/** The layout of Triton's first block-sparse kernels, which DeepSpeed and xformers took over. */
final class TritonLayout implements BlockLayout {
  @Override
  public LayoutCard card() {
    return new LayoutCard(
        "triton-layout",
        "layout of Triton's block-sparse matmul, DeepSpeed and xformers",
        "deepspeedai/DeepSpeed deepspeed/ops/sparse_attention/sparsity_config.py",
        0,
        0,
        Set.of(Ability.HEADS, Ability.UNEQUAL_COUNTS),
        List.of(
            LayoutTensor.of("layout", "[H, NQ, NK]", DType.I64, "1 where a block is listed"),
            LayoutTensor.maybe("block", "[1]", DType.I64, "queries and keys in a block")),
        List.of(
            "Lengths must be multiples of the block; DeepSpeed's layouts are square.",
            "DeepSpeed repeats a map for all heads; --merge-heads makes one of them."));
  }

  @Override
  public BlockMaps read(LayoutInput in) throws IOException {
    IntTensor table = in.flags("layout", 3, 3);
    OptionalInt block = in.size("block", 0, 1);
    return Tables.read(in, table, block, block);
  }

  @Override
  public void write(BlockMaps maps, LayoutOutput out) {
    Tables.write(maps, out, "layout", 1);
    out.sizes("block", out.size(Axis.QUERIES, maps));
  }
}
