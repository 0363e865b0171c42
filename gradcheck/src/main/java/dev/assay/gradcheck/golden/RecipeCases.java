package dev.assay.gradcheck.golden;

import static dev.assay.gradcheck.golden.Configured.blocks;
import static dev.assay.gradcheck.golden.Configured.dense;
import static dev.assay.gradcheck.golden.Configured.window;

import dev.assay.tensor.DType;
import dev.assay.tensor.Philox;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.stream.IntStream;
import java.util.stream.Stream;

/**
 * Cases of 65536 keys, with little enough to compute that any engine can run the whole of them. The
 * queries lie at the ends, around borders of blocks and on both sides of position 2^15.
 */
final class RecipeCases {
  private static final int LONG = 65536;

  private RecipeCases() {}

  /** These, then those that reach beyond 32 bits. */
  static List<RecipeDraft> all() {
    return Stream.concat(
            Stream.of(decode(), paged(), windowed(), listed(), causal()), ReachCases.all().stream())
        .toList();
  }

  private static RecipeDraft decode() {
    return RecipeDraft.of(24001, "decode-65536", DType.BF16, dense("causal=true"))
        .qkv(List.of(2, 4, 1, 16), List.of(2, 1, LONG, 16))
        .give("k_lens", LONG, 40001)
        .queries(0, 0, 0)
        .queries(0, 3, 0)
        .queries(1, 1, 0)
        .says(
            "One query for each sequence, over 65536 and 40001 keys: sums as long as a cache.",
            "LongKeys",
            "Lengths",
            "MQA");
  }

  /** Pages lie in the pool in a drawn order; those behind the length are any. */
  private static RecipeDraft paged() {
    int pages = LONG / 64;
    int[] order = shuffled(pages + 16, 24002);
    return RecipeDraft.of(24002, "paged-decode-65536", DType.F16, dense("causal=true"))
        .qkv(List.of(1, 4, 1, 16), List.of(pages + 16, 2, 64, 16))
        .give("page_table", Tensor.generate(Shape.of(1, pages), p -> order[p]))
        .give("k_lens", LONG - 37)
        .queries(0, 0, 0)
        .queries(0, 1, 0)
        .queries(0, 3, 0)
        .says(
            "One query over 65499 keys in 1024 pages, which lie in the pool in no order.",
            "LongKeys",
            "GQA");
  }

  private static RecipeDraft windowed() {
    return RecipeDraft.of(24003, "window-65536-grad", DType.F32, window(65))
        .qkv(List.of(1, 2, LONG, 16), List.of(1, 1, LONG, 16))
        .backward()
        .queries(0, 0, 0, 63, 64, 65, 32767, 32768, 65535)
        .queries(0, 1, 1, 32800, 65472, 65535)
        .keys(0, 0, 0, 64, 32703, 32768, 65471, 65535)
        .guards("vllm-project/tpu-inference#2755")
        .says(
            "A window of 65 keys over 65536 tokens with gradients: positions beyond 16 bits, and a loop"
                + " that must skip nearly all tiles.",
            "LongKeys",
            "WindowEdge",
            "MQA");
  }

  /** Each block of queries meets its own block of keys and one before it. */
  private static RecipeDraft listed() {
    int rows = LONG / 128;
    int[] pointers = IntStream.rangeClosed(0, rows).map(r -> Math.max(0, 2 * r - 1)).toArray();
    int[] listed = new int[2 * rows - 1];
    for (int r = 1; r < rows; r++) {
      listed[2 * r - 1] = new Philox(24004, 0, 0).uniform16(r) % r;
      listed[2 * r] = r;
    }
    return RecipeDraft.of(24004, "blocks-65536-grad", DType.BF16, blocks(128, "causal=true"))
        .qkv(List.of(1, 1, LONG, 16), List.of(1, 1, LONG, 16))
        .give("row_ptr", pointers)
        .give("col_idx", listed)
        .backward()
        .queries(0, 0, 0, 127, 128, 32767, 32768, 65407, 65408, 65535)
        .keys(0, 0, 32767, 65407, 65500)
        .says(
            "512 blocks of 128 queries, each with its own block of keys and one long before it.",
            "LongKeys",
            "BlockBackward");
  }

  private static RecipeDraft causal() {
    return RecipeDraft.of(24005, "causal-65536", DType.BF16, dense("causal=true"))
        .qkv(List.of(1, 16, LONG, 64), List.of(1, 8, LONG, 64))
        .queries(0, 0, 0, 1)
        .queries(0, 3, 127, 128)
        .queries(0, 8, 32768)
        .queries(0, 15, 65535)
        .says(
            "A causal square of 65536 tokens: more pairs than 2^32 in one head.",
            "LongKeys",
            "CausalEqual",
            "GQA");
  }

  /** The numbers below n in an order drawn for a case. */
  static int[] shuffled(int n, int id) {
    Philox generator = new Philox(id, 0, 0);
    int[] order = IntStream.range(0, n).toArray();
    for (int p = n - 1; p > 0; p--) {
      int other = (int) ((Integer.toUnsignedLong(generator.words(p)[0]) * (p + 1L)) >>> 32);
      int kept = order[p];
      order[p] = order[other];
      order[other] = kept;
    }
    return order;
  }
}
