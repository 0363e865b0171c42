package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;

import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;

/**
 * Recipes in which an index, a byte offset or a position exceeds what 32 bits or a binary32 hold.
 * In each, some sampled rows lie before the border and some behind it, and each sees few keys.
 */
final class ReachCases {
  private ReachCases() {}

  static List<RecipeDraft> all() {
    return List.of(sequence(), batch(), packed(), pool(), bias(), queries(), bytes(), positions());
  }

  /** Row 508416 of head 31 begins with element 2^31. */
  private static RecipeDraft sequence() {
    return RecipeDraft.of(24011, "int32-sequence-grad", DType.BF16, window(64))
        .qkv(List.of(1, 32, 524800, 128), List.of(1, 32, 524800, 128))
        .backward()
        .queries(0, 0, 63)
        .queries(0, 31, 508415, 508416, 524799)
        .keys(0, 31, 508416, 524799)
        .says(
            "One sequence whose q, k, v and results pass 2^31 elements in the last head.",
            "LargeIndex",
            "Window");
  }

  /** Batch entry 1024 begins with element 2^31. */
  private static RecipeDraft batch() {
    return RecipeDraft.of(24012, "int32-batch-grad", DType.BF16, dense("causal=true"))
        .qkv(List.of(1040, 16, 1024, 128), List.of(1040, 16, 1024, 128))
        .backward()
        .queries(0, 0, 0)
        .queries(1023, 15, 1023)
        .queries(1024, 0, 0, 1023)
        .queries(1039, 15, 1000)
        .keys(1023, 15, 1020)
        .keys(1024, 0, 1023)
        .keys(1039, 15, 1000)
        .guards("Dao-AILab/flash-attention#1500", "Dao-AILab/flash-attention#2260")
        .says(
            "1040 sequences: offsets of batch entries pass 2^31 elements, forward and backward.",
            "LargeIndex",
            "CausalEqual");
  }

  /**
   * Element 2^31 of q begins row 254208 of head 31; with tokens outermost, as kernels for packed
   * sequences have them, it begins token 262144.
   */
  private static RecipeDraft packed() {
    int[] lengths = {1, 127, 1900, 2068};
    int[] cumulative =
        IntStream.rangeClosed(0, 257)
            .map(
                s ->
                    s == 257
                        ? 262400
                        : 4096 * (s / 4) + IntStream.range(0, s % 4).map(t -> lengths[t]).sum())
            .toArray();
    return RecipeDraft.of(24013, "int32-packed", DType.BF16, dense("causal=true"))
        .qkv(List.of(1, 32, 262400, 256), List.of(1, 2, 262400, 256))
        .give("cu_seqlens_q", cumulative)
        .give("cu_seqlens_k", cumulative)
        .queries(0, 0, 0)
        .queries(0, 31, 254207, 254208, 262143, 262144, 262399)
        .guards("sgl-project/sglang#20389")
        .says(
            "257 sequences packed into 262400 tokens: token times stride passes 2^31.",
            "LargeIndex",
            "Packed",
            "GQA");
  }

  /** Page 131072 begins with element 2^31. */
  private static RecipeDraft pool() {
    Tensor table =
        Tensor.generate(
            Shape.of(2, 63), p -> p % 2 == 0 ? 131199 - p : p < 63 ? 2080 * (p / 2) : 131071 - p);
    return RecipeDraft.of(24014, "int32-pool", DType.BF16, dense("causal=true"))
        .qkv(List.of(2, 16, 1, 128), List.of(131200, 8, 16, 128))
        .give("page_table", table)
        .give("k_lens", 1000, 517)
        .queries(0, 0, 0)
        .queries(0, 15, 0)
        .queries(1, 1, 0)
        .queries(1, 14, 0)
        .guards("vllm-project/vllm#50427", "vllm-project/vllm#4907", "sgl-project/sglang#9344")
        .says(
            "A pool of 131200 pages: every other page that is used lies behind element 2^31.",
            "LargeIndex",
            "GQA",
            "Lengths");
  }

  /** Rows 32736 and 65472 hold the elements 2^31 and 2^32 of the bias. */
  private static RecipeDraft bias() {
    return RecipeDraft.of(24015, "uint32-bias", DType.BF16, dense())
        .qkv(List.of(1, 1, 65600, 16), List.of(1, 1, 65600, 16))
        .draw("bias", List.of(1, 1, 65600, 65600))
        .queries(0, 0, 0, 32735, 32736, 65471, 65472, 65599)
        .guards("pytorch/pytorch#187227", "pytorch/pytorch#162588")
        .says(
            "A bias of 65600 x 65600: row times stride passes 2^31, and later 2^32.",
            "LargeIndex",
            "Bias",
            "LongKeys");
  }

  /** Element 2^31 begins row 516352 of head 31, element 2^32 row 508160 of head 63. */
  private static RecipeDraft queries() {
    return RecipeDraft.of(24016, "uint32-queries", DType.BF16, window(64))
        .qkv(List.of(1, 64, 524544, 128), List.of(1, 1, 524544, 128))
        .queries(0, 0, 0)
        .queries(0, 31, 516351, 516352)
        .queries(0, 63, 508159, 508160, 524543)
        .says(
            "64 query heads over one key head: q and out pass 2^31 and 2^32 elements, k and v do not.",
            "LargeIndex",
            "MQA",
            "Window");
  }

  /** Byte 2^31 begins row 123136 of the last head. */
  private static RecipeDraft bytes() {
    return RecipeDraft.of(24017, "int32-bytes", DType.F32, window(32, "causal=false"))
        .qkv(List.of(4, 8, 131328, 128), List.of(4, 8, 131328, 128))
        .queries(0, 0, 5)
        .queries(3, 7, 123135, 123136, 131327)
        .says(
            "Tensors of fewer than 2^31 elements and more than 2^31 bytes.",
            "LargeIndex",
            "Window");
  }

  /**
   * Query i stands at position 16777216 - 8 + i: from 2^24 on a binary32 holds even numbers only.
   */
  private static RecipeDraft positions() {
    return RecipeDraft.of(24018, "float32-positions", DType.F16, window(17))
        .qkv(List.of(1, 1, 96, 16), List.of(1, 1, 16777304, 16))
        .queries(0, 0, 0, 7, 8, 9, 10, 11, 24, 25, 26, 27, 94, 95)
        .says(
            "The last 96 queries behind a cache of 2^24 - 8 keys: positions that a binary32 does not hold.",
            "LargeIndex",
            "WindowEdge");
  }
}
