package dev.assay.layout;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.FormatException;
import dev.assay.file.TensorFile;
import dev.assay.layout.LayoutOptions.Declare;
import dev.assay.pattern.BlockRows;
import dev.assay.tensor.DType;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.util.ArrayList;
import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a layout cannot say, and what a file may not say, is one sentence. */
class LayoutRefusalsTest {
  private static final Shape TWO = Shape.of(1, 1, 2);
  private static final Shape SQUARE = Shape.of(1, 1, 2, 2);

  static Stream<Arguments> lacks() {
    List<Arguments> lacks = new ArrayList<>();
    for (BlockLayout layout : LayoutCatalog.all()) {
      for (Ability ability : Ability.values()) {
        if (!layout.card().abilities().contains(ability)) {
          lacks.add(Arguments.of(layout.id(), ability));
        }
      }
    }
    return lacks.stream();
  }

  @ParameterizedTest
  @MethodSource("lacks")
  void what_a_layout_lacks_is_refused_by_name(String id, Ability ability) {
    LayoutCard card = LayoutCatalog.find(id).card();
    IllegalArgumentException refused =
        assertThrows(
            IllegalArgumentException.class,
            () -> Fit.check(card, LayoutOptions.none(), needing(ability, card)));
    assertTrue(refused.toString().contains(id), refused.toString());
  }

  /** The smallest mask that needs an ability. */
  private static BlockMaps needing(Ability ability, LayoutCard card) {
    int q = card.blockQ() > 0 ? card.blockQ() : 4;
    int k = card.blockK() > 0 ? card.blockK() : 4;
    int[] qBounds =
        switch (ability) {
          case UNEQUAL_QUERIES -> new int[] {0, q, 3 * q + 1};
          case RAGGED_QUERIES -> new int[] {0, q, 2 * q - (q > 1 ? 1 : 0)};
          case RECTANGLES -> new int[] {0, 2 * k, 4 * k};
          default -> new int[] {0, q, 2 * q};
        };
    int[] kBounds =
        switch (ability) {
          case UNEQUAL_KEYS -> new int[] {0, k, 3 * k + 1};
          case RAGGED_KEYS -> new int[] {0, k, 2 * k - 1};
          default -> new int[] {0, k, 2 * k};
        };
    if (ability == Ability.RAGGED_QUERIES && q == 1) {
      qBounds = new int[] {0, 2, 3};
    }
    BitSet some = new BitSet();
    some.set(0);
    @Nullable BitSet[] bits = {ability == Ability.BITS ? some : null};
    BlockRows one =
        new BlockRows(
            new int[] {0, 1, 1}, new int[] {0}, new boolean[] {ability == Ability.FULL}, bits);
    BlockRows two = BlockRows.of(new int[] {0, 1, 2}, new int[] {0, 1});
    return switch (ability) {
      case HEADS -> BlockMaps.of(qBounds, kBounds, List.of(one, one), 1, 2);
      case BATCH -> BlockMaps.of(qBounds, kBounds, List.of(one, one), 2, 1);
      case UNEQUAL_COUNTS -> BlockMaps.of(qBounds, kBounds, List.of(one, two), 1, 2);
      default -> BlockMaps.of(qBounds, kBounds, List.of(one), 1, 1);
    };
  }

  private static Tensors flex(int... counts) {
    return Tensors.of("kv_num_blocks", TWO, counts)
        .and("kv_indices", SQUARE, 0, 1, 1, 0)
        .and("BLOCK_SIZE", Shape.of(2), 2, 2);
  }

  private static Tensors bsr(int[] indptr, int... indices) {
    return Tensors.of("indptr", Shape.of(indptr.length), indptr)
        .and("indices", Shape.of(indices.length), indices)
        .and("R", Shape.of(1), 2)
        .and("C", Shape.of(1), 2)
        .and("N", Shape.of(1), 6);
  }

  private static Arguments broken(String layout, Tensors file, String sentence) {
    return Arguments.of(layout, file, 0, sentence);
  }

  /** The same in a layout that has no tensor for the sizes: blocks of one query and one key. */
  private static Arguments brokenOfOnes(String layout, Tensors file, String sentence) {
    return Arguments.of(layout, file, 1, sentence);
  }

  static Stream<Arguments> broken() {
    return Stream.of(
        broken("flex-attention", flex(1, 3), "tensor kv_num_blocks: says that list 1 has 3"),
        broken("flex-attention", flex(-1, 1), "tensor kv_num_blocks: says that list 0 has -1"),
        broken(
            "flex-attention",
            Tensors.of("kv_num_blocks", TWO, 1, 2)
                .and("kv_indices", SQUARE, 0, 9, 1, 2)
                .and("BLOCK_SIZE", Shape.of(2), 2, 2),
            "tensor kv_indices: map 0, row 1 lists block 2: blocks of keys lie in 0..1"),
        broken(
            "flex-attention",
            flex(1, 1)
                .and("full_kv_num_blocks", TWO, 1, 0)
                .and("full_kv_indices", SQUARE, 0, 0, 0, 0),
            "tensor full_kv_indices: map 0, row 0 lists block 0: a second time"),
        broken(
            "flex-attention",
            flex(1, 1).and("full_kv_num_blocks", TWO, 1, 0),
            "tensor full_kv_indices: is missing"),
        broken(
            "flex-attention",
            flex(1, 1).and("q_num_blocks", TWO, 1, 1).and("q_indices", SQUARE, 1, 0, 0, 1),
            "tensor q_indices: map 0, key block 0 lists [1], but the lists of keys make it [0]"),
        broken(
            "flex-attention",
            flex(1, 1).and("seq_lengths", Shape.of(2), 5, 4),
            "queries: there are 2 blocks, but 5 queries in blocks of 2 make 3"),
        broken(
            "flex-attention",
            Tensors.of("kv_num_blocks", TWO, 1, 1).and("kv_indices", SQUARE, 0, 1, 1, 0),
            "queries: the file does not tell how many are in a block: give --block-q"),
        broken(
            "flashinfer-bsr", bsr(new int[] {0, 2, 1}, 0, 1), "tensor indptr: map 0 ends with 1"),
        broken("flashinfer-bsr", bsr(new int[] {1, 1, 2}, 0, 1), "tensor indptr: map 0 begins"),
        broken("flashinfer-bsr", bsr(new int[] {0, 3, 2}, 0, 1), "goes from 0 to 3 at row 0"),
        broken("flashinfer-bsr", bsr(new int[] {0, 2, 2}, 1, 1), "lists block 1: a second time"),
        broken("flashinfer-bsr", bsr(new int[] {0, 1, 2}, 0, 3), "blocks of keys lie in 0..2"),
        broken("flashinfer-bsr", bsr(new int[] {0, 1, 2}, 0, -1), "row 1 lists block -1"),
        broken(
            "flashinfer-bsr",
            bsr(new int[] {0, 1, 2}, 0, 1).and("mask", Shape.of(2, 2, 3), new int[12]),
            "tensor mask: has shape [2, 2, 3]: [2, 2, 2] is needed"),
        broken(
            "flashinfer-bsr",
            bsr(new int[] {0, 1, 2}, 0, 1).and("packed_mask", Shape.of(1), 255),
            "tensor packed_mask: has 1 bytes, which do not suffice for row 1"),
        broken(
            "flashinfer-bsr",
            bsr(new int[] {0, 3, 2}, 0, 1).and("packed_mask", Shape.of(9), new int[9]),
            "goes from 0 to 3 at row 0"),
        broken(
            "flashinfer-bsr",
            Tensors.of("indptr", Shape.of(2), 0, 1)
                .and("indices", Shape.of(1), 0)
                .and("R", Shape.of(1), 1)
                .and("C", Shape.of(1), 1)
                .and("N", Shape.of(1), Integer.MAX_VALUE),
            "keys: 2147483647 blocks are claimed"),
        broken(
            "assay-table",
            Tensors.of("block_mask", Shape.of(1 << 30, 0, 0)),
            "tensor block_mask: has shape [1073741824, 0, 0] and no element in it"),
        broken(
            "torch-bsr",
            Tensors.of("crow_indices", Shape.of(2), 0, 2)
                .and("col_indices", Shape.of(2), 1, 0)
                .and("values", Shape.of(2, 1, 1), 1, 1)
                .and("size", Shape.of(2), 1, 2),
            "tensor col_indices: map 0, row 0 lists block 0: after 1, but they must ascend"),
        broken(
            "block-sparse-attention-rows",
            Tensors.of("row_blockmask", Shape.of(1, 1, 1, 2), 0, 1),
            "row 0 lists block 1: after 0, but they must descend"),
        broken(
            "block-sparse-attention",
            Tensors.of("head_mask_type", Shape.of(2), 1, 1)
                .and("base_blockmask", Shape.of(1, 1, 1, 1), 1),
            "tensor head_mask_type: has 2 heads of type 1, but base_blockmask holds tables for 1"),
        broken(
            "block-sparse-attention",
            Tensors.of("head_mask_type", Shape.of(2), 1, -1)
                .and("base_blockmask", Shape.of(1, 1, 1, 1), 1)
                .and("streaming_info", Shape.of(4), 1, 1, 1, 1),
            "tensor is_causal: is missing"),
        brokenOfOnes(
            "sparge-lut",
            Tensors.of("lut", SQUARE, 0, 0, 0, 0).and("valid_block_num", TWO, 2, 0),
            "tensor lut: list 0 steps by 0 to block 0"),
        brokenOfOnes(
            "flash-attention-blockmask",
            Tensors.of("blockmask_converted", Shape.of(1, 2), 3, 4),
            "key block 0, query block 1 has the flags 0: 3 are needed"),
        broken(
            "flashinfer-variable",
            Tensors.of("block_mask_map", Shape.of(2, 1, 1), 1, 1)
                .and("block_row_sz", Shape.of(2, 1), 3, 4)
                .and("block_col_sz", Shape.of(2, 1), 2, 2),
            "tensor block_row_sz: block 0 has 3 queries in head 0, but 4 in head 1"),
        broken(
            "flashinfer-pages",
            Tensors.of("qo_indptr", Shape.of(2), 0, 1)
                .and("kv_indptr", Shape.of(2), 0, 1)
                .and("kv_indices", Shape.of(1), 0)
                .and("kv_last_page_len", Shape.of(1), 0)
                .and("page_size", Shape.of(1), 4),
            "tensor kv_last_page_len: is 0 for list 0: 1..4 is needed"),
        broken(
            "assay-table",
            Tensors.of("block_mask", Shape.of(1, 1), 2),
            "tensor block_mask: holds 2: 0 and 1 are allowed"),
        broken(
            "assay-table",
            Tensors.of("block_mask", Shape.of(1, 1), 1).and("q_bounds", Shape.of(2), 0, 0),
            "tensor q_bounds: holds [0, 0]: it must begin with 0 and ascend"));
  }

  @ParameterizedTest
  @MethodSource("broken")
  void a_broken_file_is_named_with_tensor_and_rule(
      String layout, Tensors file, int size, String sentence) {
    FormatException fault =
        assertThrows(FormatException.class, () -> file.read(layout, size, size, 0, 0));
    assertTrue(fault.toString().contains(sentence), fault.toString());
  }

  @Test
  void indices_in_floating_point_are_refused() {
    TensorFile file =
        TensorFile.builder().put("block_mask", DType.F32, Tensor.zeros(Shape.of(1, 1))).build();
    FormatException fault =
        assertThrows(
            FormatException.class,
            () ->
                LayoutCatalog.find("assay-table")
                    .read(new LayoutInput(file, LayoutOptions.none())));
    assertTrue(fault.toString().contains("has type F32"), fault.toString());
  }

  @Test
  void an_option_that_contradicts_the_file_is_refused() {
    FormatException fault =
        assertThrows(FormatException.class, () -> flex(1, 1).read("flex-attention", 4, 0, 0, 0));
    assertTrue(fault.toString().contains("says 2, but --block-q 4"), fault.toString());
  }

  @Test
  void full_is_forgotten_and_declared_by_wish_and_said() throws IOException {
    Tensors file =
        Tensors.of("kv_num_blocks", TWO, 0, 1)
            .and("kv_indices", SQUARE, 0, 1, 1, 0)
            .and("full_kv_num_blocks", TWO, 1, 0)
            .and("full_kv_indices", SQUARE, 0, 1, 0, 1)
            .and("BLOCK_SIZE", Shape.of(2), 2, 2);
    BlockLayout flex = LayoutCatalog.find("flex-attention");
    BlockLayout table = LayoutCatalog.find("assay-table");
    LayoutOptions none = LayoutOptions.none();
    assertThrows(
        IllegalArgumentException.class, () -> Conversion.of(file.file(), flex, table, none));
    Conversion partial = Conversion.of(file.file(), flex, table, none.declaring(Declare.PARTIAL));
    assertEquals(List.of("1 blocks are no longer FULL: the pairs are the same"), partial.notes());
    Conversion full = Conversion.of(file.file(), flex, flex, none.declaring(Declare.FULL));
    assertEquals("X./.X", Tensors.text(full.maps(), 0));
  }

  @Test
  void heads_are_merged_only_if_they_are_equal() throws IOException {
    BlockLayout table = LayoutCatalog.find("assay-table");
    BlockLayout bsr = LayoutCatalog.find("flashinfer-bsr");
    LayoutOptions merge = LayoutOptions.none().sizes(2, 2, 0, 0).merging();
    TensorFile equal = Tensors.of("block_mask", Shape.of(2, 1, 2), 1, 0, 1, 0).file();
    TensorFile other = Tensors.of("block_mask", Shape.of(2, 1, 2), 1, 0, 1, 1).file();
    assertEquals("x.", Tensors.text(Conversion.of(equal, table, bsr, merge).maps(), 0));
    IllegalArgumentException refused =
        assertThrows(IllegalArgumentException.class, () -> Conversion.of(other, table, bsr, merge));
    assertTrue(refused.toString().contains("head 1 of batch entry 0"), refused.toString());
  }
}
