package dev.assay.pattern;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.assay.pattern.Pattern.Causal;
import dev.assay.pattern.Pattern.OwnBlock;
import dev.assay.pattern.Pattern.Random;
import dev.assay.pattern.Pattern.Union;
import dev.assay.pattern.Pattern.Window;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

class PatternBlocksTest {
  @Test
  void blocks_below_the_diagonal_are_full_and_those_above_are_not_listed() {
    BlockRows rows = PatternBlocks.of(new Causal(), 6, 6, 2, 2).rows(0, 0, 1);
    assertArrayEquals(new int[] {0, 1, 3, 6}, rows.rowPtr());
    assertArrayEquals(new int[] {0, 0, 1, 0, 1, 2}, rows.colIdx());
    assertArrayEquals(new boolean[] {false, true, false, true, true, false}, rows.full());
  }

  @Test
  void a_full_block_carries_no_bits() {
    BlockRows rows = PatternBlocks.of(new OwnBlock(3), 6, 6, 3, 3).rows(0, 0, 1);
    assertArrayEquals(new boolean[] {true, true}, rows.full());
    assertNull(Objects.requireNonNull(rows.bits())[0]);
  }

  @Test
  void a_ragged_edge_block_is_full_if_its_tokens_are() {
    BlockRows rows = PatternBlocks.of(new OwnBlock(4), 5, 5, 4, 4).rows(0, 0, 1);
    assertArrayEquals(new boolean[] {true, true}, rows.full());
  }

  @Test
  void the_mask_has_the_pairs_of_the_pattern() {
    Pattern pattern = new Union(List.of(new Window(2, 0), new Random(3, 0.1)));
    int queries = 13;
    int keys = 17;
    BlockMask mask = PatternBlocks.of(pattern, queries, keys, 4, 3);
    assertEquals(
        PatternText.plain(pattern.at(queries, keys), queries, keys),
        PatternText.plain((i, j) -> mask.contains(0, 0, 1, i, j), queries, keys));
  }

  @Test
  void no_tokens_make_no_blocks() {
    assertEquals(0, PatternBlocks.of(new Causal(), 0, 0, 4, 4).queryBlocks());
  }

  @Test
  void a_block_of_no_tokens_is_refused() {
    assertThrows(IllegalArgumentException.class, () -> PatternBlocks.of(new Causal(), 4, 4, 0, 4));
  }
}
