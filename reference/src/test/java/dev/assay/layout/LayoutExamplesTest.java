package dev.assay.layout;

import static dev.assay.layout.Tensors.text;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import java.io.IOException;
import org.junit.jupiter.api.Test;

/** What the projects' own documentation and code make of small masks. */
class LayoutExamplesTest {
  private static final Shape FOUR = Shape.of(1, 1, 4);
  private static final Shape TABLE = Shape.of(1, 1, 4, 4);

  /** create_block_mask(causal, 1, 1, 512, 512), whose shapes the class's documentation gives. */
  private static Tensors causal() {
    return Tensors.of("kv_num_blocks", FOUR, 1, 1, 1, 1)
        .and("kv_indices", TABLE, 0, 1, 2, 3, 1, 0, 2, 3, 2, 0, 1, 3, 3, 0, 1, 2)
        .and("full_kv_num_blocks", FOUR, 0, 1, 2, 3)
        .and("full_kv_indices", TABLE, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3, 0, 1, 2, 3)
        .and("q_num_blocks", FOUR, 1, 1, 1, 1)
        .and("q_indices", TABLE, 0, 1, 2, 3, 1, 0, 2, 3, 2, 0, 1, 3, 3, 0, 1, 2)
        .and("full_q_num_blocks", FOUR, 3, 2, 1, 0)
        .and("full_q_indices", TABLE, 1, 2, 3, 0, 2, 3, 0, 1, 3, 0, 1, 2, 0, 1, 2, 3)
        .and("BLOCK_SIZE", Shape.of(2), 128, 128)
        .and("seq_lengths", Shape.of(2), 512, 512);
  }

  @Test
  void flex_attention_has_full_blocks_below_a_partial_diagonal() throws IOException {
    assertEquals("x.../Xx../XXx./XXXx", text(causal().read("flex-attention"), 0));
  }

  @Test
  void flex_attention_is_written_to_the_last_undefined_element_as_pytorch_does()
      throws IOException {
    BlockLayout flex = LayoutCatalog.find("flex-attention");
    TensorFile file = causal().file();
    TensorFile back = Conversion.of(file, flex, flex, LayoutOptions.none()).file();
    assertEquals(file.names(), back.names());
    for (String name : file.names()) {
      assertArrayEquals(Tensors.values(file, name), Tensors.values(back, name), name);
    }
  }

  @Test
  void flash_attention_cute_has_room_for_fewer_than_there_are() throws IOException {
    BlockMaps maps =
        Tensors.of("mask_block_cnt", Shape.of(1, 1, 2), 2, 0)
            .and("mask_block_idx", Shape.of(1, 1, 2, 2), 3, 1, 77, -5)
            .and("block_size", Shape.of(2), 2, 3)
            .read("flash-attention-cute", 0, 0, 4, 11);
    assertEquals(".x.x/....", text(maps, 0));
  }

  /** convert_blockmask of the table 101/010/111/001. */
  @Test
  void flash_attention_blockmask_flags_the_first_and_last_block_of_a_row() throws IOException {
    Tensors mask =
        Tensors.of(
            "blockmask_converted", Shape.of(3, 4), 1, 9, -1, -1, 7, 8, -1, -1, 2, 10, 15, -1);
    assertEquals("x.x/.x./xxx/..x", text(mask.read("flash-attention-blockmask", 16, 256, 0, 0), 0));
  }

  /** The example of BlockSparseAttentionWrapper. */
  @Test
  void flashinfer_lists_blocks_in_compressed_rows() throws IOException {
    BlockMaps maps =
        Tensors.of("indptr", Shape.of(4), 0, 1, 3, 5)
            .and("indices", Shape.of(5), 2, 0, 2, 1, 2)
            .read("flashinfer-bsr", 1, 1, 3, 3);
    assertEquals("..x/x.x/.xx", text(maps, 0));
  }

  /** numpy.packbits, little, of convert_bsr_mask_layout's rows 10111111 and 0110. */
  @Test
  void flashinfer_packs_bits_query_by_query_over_a_row_of_blocks() throws IOException {
    Tensors lists = Tensors.of("indptr", Shape.of(3), 0, 2, 3).and("indices", Shape.of(3), 0, 1, 1);
    BlockMaps packed =
        lists.and("packed_mask", Shape.of(2), 253, 6).read("flashinfer-bsr", 2, 2, 4, 4);
    BlockMaps plain =
        Tensors.of("indptr", Shape.of(3), 0, 2, 3)
            .and("indices", Shape.of(3), 0, 1, 1)
            .and("mask", Shape.of(3, 2, 2), 1, 0, 1, 1, 1, 1, 1, 1, 0, 1, 1, 0)
            .read("flashinfer-bsr", 2, 2, 4, 4);
    assertEquals("bx/.b", text(packed, 0));
    assertTrue(packed.sameAs(plain));
  }

  /** The example of VariableBlockSparseAttentionWrapper. */
  @Test
  void flashinfer_has_blocks_of_any_sizes() throws IOException {
    BlockMaps maps =
        Tensors.of("block_mask_map", Shape.of(1, 3, 3), 0, 0, 1, 1, 0, 1, 0, 1, 1)
            .and("block_row_sz", Shape.of(1, 3), 1, 2, 3)
            .and("block_col_sz", Shape.of(1, 3), 3, 1, 2)
            .read("flashinfer-variable");
    assertEquals("..x/x.x/.xx", text(maps, 0));
    assertArrayEquals(new int[] {0, 1, 3, 6}, maps.bounds(Axis.QUERIES));
    assertArrayEquals(new int[] {0, 3, 4, 6}, maps.bounds(Axis.KEYS));
  }

  @Test
  void flashinfer_cuts_the_last_page_of_a_request_short() throws IOException {
    BlockMaps maps =
        Tensors.of("qo_indptr", Shape.of(4), 0, 2, 3, 4)
            .and("kv_indptr", Shape.of(4), 0, 2, 2, 3)
            .and("kv_indices", Shape.of(3), 2, 0, 1)
            .and("kv_last_page_len", Shape.of(3), 3, 4, 4)
            .read("flashinfer-pages", 0, 4, 0, 12);
    assertEquals("b.x/.../.x.", text(maps, 0));
    // Page 0 comes last in the list of block 0, so its key 3 is unused.
    assertTrue(maps.mask().contains(0, 0, 1, 1, 2));
    assertFalse(maps.mask().contains(0, 0, 1, 1, 3));
  }

  /** The example of scipy.sparse.bsr_array, and a block with a zero in it. */
  @Test
  void scipy_lists_blocks_whose_zeros_are_no_pairs() throws IOException {
    int[] data = new int[24];
    for (int p = 0; p < 24; p++) {
      data[p] = p == 5 ? 0 : 1 + p / 4;
    }
    BlockMaps maps =
        Tensors.of("indptr", Shape.of(4), 0, 2, 3, 6)
            .and("indices", Shape.of(6), 0, 2, 2, 0, 1, 2)
            .and("data", Shape.of(6, 2, 2), data)
            .and("shape", Shape.of(2), 6, 6)
            .read("scipy-bsr");
    assertEquals("x.b/..x/xxx", text(maps, 0));
    assertFalse(maps.mask().contains(0, 0, 1, 0, 5));
  }

  /** The batch of two that PyTorch's own test prints; a stored block of zeros lists nothing. */
  @Test
  void torch_has_a_map_for_each_batch_entry() throws IOException {
    BlockMaps maps =
        Tensors.of("crow_indices", Shape.of(2, 3), 0, 2, 4, 0, 3, 4)
            .and("col_indices", Shape.of(2, 4), 0, 1, 0, 1, 0, 1, 2, 0)
            .and(
                "values",
                Shape.of(2, 4, 1, 2),
                1,
                11,
                2,
                12,
                3,
                13,
                4,
                14,
                5,
                15,
                6,
                16,
                7,
                17,
                0,
                0)
            .and("size", Shape.of(3), 2, 2, 6)
            .read("torch-bsr");
    assertEquals("xx./xx.", text(maps, 0));
    assertEquals("xxx/...", text(maps, 1));
  }

  /** FixedSparsityConfig(1, block=16, num_local_blocks=2, unidirectional) at 64 tokens. */
  @Test
  void triton_layouts_are_tables_for_each_head() throws IOException {
    BlockMaps maps =
        Tensors.of("layout", Shape.of(1, 4, 4), 1, 0, 0, 0, 1, 1, 0, 0, 0, 1, 1, 0, 0, 1, 1, 1)
            .and("block", Shape.of(1), 16)
            .read("triton-layout");
    assertEquals("x.../xx../.xx./.xxx", text(maps, 0));
  }

  /** README: head types side by side; the tables count only the heads of type 1. */
  @Test
  void block_sparse_attention_mixes_dense_streaming_and_sparse_heads() throws IOException {
    BlockMaps maps =
        Tensors.of("head_mask_type", Shape.of(4), 1, 0, -1, 1)
            .and("base_blockmask", Shape.of(1, 2, 2, 2), 1, 0, 0, 0, 0, 1, 1, 1)
            .and("streaming_info", Shape.of(8), 0, 0, 0, 0, 1, 1, 0, 0)
            .and("is_causal", Shape.of(1), 1)
            .read("block-sparse-attention");
    assertEquals("x./..", text(maps, 0));
    assertEquals("xx/xx", text(maps, 1));
    assertEquals("x./xx", text(maps, 2));
    assertEquals(".x/xx", text(maps, 3));
  }

  /** generate_streaming_mask of the project's tests. */
  @Test
  void block_sparse_attention_streams_over_sinks_and_the_newest_blocks() throws IOException {
    Tensors causal =
        Tensors.of("head_mask_type", Shape.of(1), -1)
            .and("streaming_info", Shape.of(2), 1, 2)
            .and("is_causal", Shape.of(1), 1);
    assertEquals(
        "x..../xx.../xxx../x.xx./x..xx",
        text(causal.read("block-sparse-attention", 0, 0, 640, 640), 0));
    assertEquals("xx../xxx./x.xx", text(causal.read("block-sparse-attention", 0, 0, 384, 512), 0));
  }

  @Test
  void block_sparse_attention_rows_fall() throws IOException {
    Tensors rows = Tensors.of("row_blockmask", Shape.of(1, 1, 2, 3), 2, 0, -1, -1, -1, -1);
    assertEquals("x.x/...", text(rows.read("block-sparse-attention-rows"), 0));
  }

  /** block_map_lut of the table 1011/0000/0100/0001, with what it leaves behind the steps. */
  @Test
  void sparge_steps_from_block_to_block() throws IOException {
    Tensors lut =
        Tensors.of(
                "lut", TABLE, 0, 2, 1, 9999996, 9999999, 0, 0, 0, 1, 9999998, 0, 0, 3, 9999996, 0,
                0)
            .and("valid_block_num", FOUR, 3, 0, 1, 1);
    assertEquals("x.xx/..../.x../...x", text(lut.read("sparge-lut", 128, 64, 0, 0), 0));
  }

  @Test
  void seer_decode_pads_with_minus_1() throws IOException {
    BlockMaps maps =
        Tensors.of("block_indices", Shape.of(1, 2, 3), 4, 2, -1, 0, -1, -1)
            .read("seer-decode", 0, 32, 0, 150);
    assertEquals("..x.x", text(maps, 0));
    assertEquals("x....", text(maps, 1));
  }

  @Test
  void moba_gates_stand_chunk_by_chunk() throws IOException {
    BlockMaps maps =
        Tensors.of("gate_mask", Shape.of(2, 1, 3), 0, 1, 1, 0, 0, 1)
            .and("moba_chunk_size", Shape.of(1), 2)
            .read("moba-gate");
    assertEquals("../x./xx", text(maps, 0));
    assertEquals(3, maps.tokens(Axis.KEYS));
  }

  /** The benchmark pads with n_q and counts fewer than it lists. */
  @Test
  void nsa_lists_blocks_token_by_token_and_head_by_head() throws IOException {
    BlockMaps maps =
        Tensors.of("block_indices", Shape.of(1, 3, 2, 2), 0, 3, 0, -1, 0, 3, 3, 3, 1, 0, 0, 1)
            .and("block_counts", Shape.of(1, 3, 2), 2, 2, 2, 2, 2, 1)
            .and("block_size", Shape.of(1), 2)
            .read("nsa-indices");
    assertEquals("x./x./xx", text(maps, 0));
    assertEquals("x./../x.", text(maps, 1));
  }

  @Test
  void nsa_topk_pads_with_minus_1() throws IOException {
    Tensors lists =
        Tensors.of("topk_idx", Shape.of(1, 2, 2), 0, -1, 0, 1)
            .and("block_size_q", Shape.of(1), 2)
            .and("block_size_k", Shape.of(1), 2);
    assertEquals("x./xx", text(lists.read("nsa-topk"), 0));
  }

  /** dense_to_crow_col of two heads. */
  @Test
  void dkernel_pads_heads_with_fewer_blocks() throws IOException {
    BlockMaps maps =
        Tensors.of("layout_csr_crow", Shape.of(2, 3), 0, 1, 3, 0, 1, 2)
            .and("layout_csr_col", Shape.of(2, 3), 0, 0, 1, 0, 1, -1)
            .read("dkernel", 64, 64, 0, 128);
    assertEquals("x./xx", text(maps, 0));
    assertEquals("x./.x", text(maps, 1));
  }
}
