package dev.assay.pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.BitSet;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.function.Executable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class BlockMaskTest {
  private static final int[] TWO = {0, 2, 3};

  private static Executable rows(
      int[] rowPtr, int[] colIdx, boolean[] full, @Nullable BitSet @Nullable [] bits) {
    return () -> new BlockMask(TWO, TWO, List.of(new BlockRows(rowPtr, colIdx, full, bits)));
  }

  static Stream<Arguments> refusals() {
    int[] ptr = {0, 1, 2};
    int[] col = {0, 1};
    return Stream.of(
        Arguments.of(
            "query block bounds [1, 2] must begin with 0",
            (Executable) () -> BlockMask.of(new int[] {1, 2}, TWO, new boolean[1][2])),
        Arguments.of(
            "key block 1 runs from 2 to 2: blocks hold at least one token",
            (Executable) () -> BlockMask.of(TWO, new int[] {0, 2, 2}, new boolean[2][2])),
        Arguments.of(
            "a block mask needs at least one map",
            (Executable) () -> new BlockMask(TWO, TWO, List.of())),
        Arguments.of(
            "row_ptr has 2 entries for 2 rows of blocks",
            rows(new int[] {0, 2}, col, new boolean[2], null)),
        Arguments.of(
            "row_ptr runs from 0 to 3, but col_idx has 2 entries",
            rows(new int[] {0, 1, 3}, col, new boolean[2], null)),
        Arguments.of(
            "row_ptr goes from 0 to 2 at row 0: it must not fall nor pass the 1 entries of col_idx",
            rows(new int[] {0, 2, 1}, new int[] {0}, new boolean[1], null)),
        Arguments.of(
            "row 0 lists block 0 after 0: blocks ascend, occur once and lie in 0..1",
            rows(new int[] {0, 2, 2}, new int[] {0, 0}, new boolean[2], null)),
        Arguments.of(
            "row 1 lists block 2 after -1: blocks ascend, occur once and lie in 0..1",
            rows(ptr, new int[] {0, 2}, new boolean[2], null)),
        Arguments.of(
            "1 sets of bits were given for 2 blocks",
            rows(ptr, col, new boolean[2], new @Nullable BitSet[1])),
        Arguments.of(
            "entry 1 is FULL and carries bits: a full block allows every pair",
            rows(
                ptr,
                col,
                new boolean[] {false, true},
                new @Nullable BitSet[] {null, new BitSet()})),
        Arguments.of(
            "block size is 0: it must be at least 1",
            (Executable) () -> BlockMask.uniformBounds(3, 0)));
  }

  @ParameterizedTest
  @MethodSource("refusals")
  void refuses(String sentence, Executable build) {
    IllegalArgumentException refusal = assertThrows(IllegalArgumentException.class, build);
    assertEquals(sentence, refusal.getMessage());
  }

  @Test
  void the_last_block_is_ragged() {
    assertArrayEquals(new int[] {0, 3, 6, 7}, BlockMask.uniformBounds(7, 3));
  }

  @Test
  void a_block_larger_than_the_sequence_is_one_block() {
    assertArrayEquals(new int[] {0, 7}, BlockMask.uniformBounds(7, Integer.MAX_VALUE));
  }

  @Test
  void no_tokens_make_no_blocks() {
    assertArrayEquals(new int[] {0}, BlockMask.uniformBounds(0, 3));
  }

  @Test
  void the_transpose_lists_the_query_blocks_of_a_key_block() {
    boolean[][] table = {{true, true, false}, {false, true, false}, {true, true, true}};
    int[] bounds = {0, 1, 2, 3};
    BlockRows turned = BlockMask.of(bounds, bounds, table).transposed(0, 0, 1);
    assertArrayEquals(new int[] {0, 2, 5, 6}, turned.rowPtr());
    assertArrayEquals(new int[] {0, 2, 0, 1, 2, 2}, turned.colIdx());
  }

  @Test
  void bits_follow_their_block_into_the_transpose() {
    BitSet corner = new BitSet();
    corner.set(1);
    BlockRows rows =
        new BlockRows(
            new int[] {0, 2, 2},
            new int[] {0, 1},
            new boolean[2],
            new @Nullable BitSet[] {null, corner});
    BlockRows turned = new BlockMask(TWO, TWO, List.of(rows)).transposed(0, 0, 1);
    assertTrue(turned.bit(1, 1));
    assertFalse(turned.bit(1, 0));
  }

  @Test
  void contains_asks_the_map_of_the_head_and_the_bit_of_the_pair() {
    BitSet second = new BitSet();
    second.set(1);
    BlockRows some =
        new BlockRows(
            new int[] {0, 1, 1}, new int[] {0}, new boolean[1], new @Nullable BitSet[] {second});
    BlockRows none = BlockRows.of(new int[] {0, 0, 0}, new int[0]);
    BlockMask mask = new BlockMask(TWO, TWO, List.of(some, none));
    assertTrue(mask.contains(0, 0, 2, 0, 1));
    assertFalse(mask.contains(0, 0, 2, 0, 0));
    assertFalse(mask.contains(0, 1, 2, 0, 1));
    assertFalse(mask.contains(0, 0, 2, 2, 2));
  }
}
