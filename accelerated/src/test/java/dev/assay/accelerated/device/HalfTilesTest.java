package dev.assay.accelerated.device;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.plan.AttentionProblem;
import dev.assay.plan.DensePlan;
import dev.assay.plan.Paging;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Storage;
import dev.assay.tensor.Tensor;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Tiles of binary16 lie as matrix units read them, and hold rounded numbers. */
class HalfTilesTest {
  private static final int QUERIES = 35;
  private static final int KEYS = 40;

  /** Numbers that binary16 holds, each only once in a tensor. */
  private static Tensor counted(int... extents) {
    Tensor bits =
        Tensor.generate(Shape.of(extents), p -> Float.float16ToFloat((short) (0x400 + p)));
    return bits.to(Storage.F32);
  }

  private static Packed packed() {
    return packed(
        AttentionProblem.of(
                counted(2, 2, QUERIES, 50), counted(2, 2, KEYS, 50), counted(2, 2, KEYS, 64))
            .build());
  }

  private static Packed packed(AttentionProblem problem) {
    return Packed.forward(problem, new DensePlan());
  }

  private static short half(Tensor tensor, int... index) {
    return Float.floatToFloat16((float) tensor.at(index));
  }

  @Test
  void queries_are_a_left_operand_token_by_token() {
    Packed packed = packed();
    short[] tiles = HalfTiles.queries(packed);
    Tensor q = packed.problem().q();
    assertEquals(2 * 2 * 2 * HalfTiles.TILE, tiles.length);
    // Query 34 of head 1 of entry 1 is row 2 of the last tile; channel 19 is column 3 of block 1.
    int at = 7 * HalfTiles.TILE + HalfTiles.BLOCK_LEFT + 2 * 16 + 3;
    assertEquals(half(q, 1, 1, 34, 19), tiles[at]);
    // Query 17 of the first tile is row 1 of the second four blocks.
    assertEquals(half(q, 0, 0, 17, 0), tiles[4 * HalfTiles.BLOCK_LEFT + 16]);
  }

  @Test
  void keys_are_a_right_operand_and_turned() {
    Packed packed = packed();
    short[] tiles = HalfTiles.keys(packed);
    // Key 11 of head 1, channel 21: row 5 of blocks 4..7, column 3 of the second of them.
    int at = 2 * HalfTiles.TILE + (4 + 1) * HalfTiles.BLOCK_RIGHT + 5 * 8 + 3;
    assertEquals(half(packed.problem().k(), 0, 1, 11, 21), tiles[at]);
  }

  @Test
  void values_are_a_right_operand() {
    Packed packed = packed();
    short[] tiles = HalfTiles.values(packed);
    // Key 38 of head 0 of entry 1 is row 6 of its second tile; channel 63 is column 7 of block 7.
    int at = 5 * HalfTiles.TILE + 7 * HalfTiles.BLOCK_RIGHT + 6 * 8 + 7;
    assertEquals(half(packed.problem().v(), 1, 0, 38, 63), tiles[at]);
  }

  @Test
  void what_is_not_there_is_0() {
    Packed packed = packed();
    long queries = (long) QUERIES * 50 * 4;
    long values = (long) KEYS * 64 * 4;
    assertEquals(queries, count(HalfTiles.queries(packed)));
    assertEquals(values, count(HalfTiles.values(packed)));
  }

  private static long count(short[] halves) {
    long count = 0;
    for (short half : halves) {
      count += half == 0 ? 0 : 1;
    }
    return count;
  }

  @Test
  void keys_in_pages_lie_as_they_are_attended_to() {
    Tensor k = counted(5, 2, 2, 4);
    AttentionProblem problem =
        AttentionProblem.of(counted(2, 2, 3, 4), k, counted(5, 2, 2, 1))
            .paging(new Paging(new int[][] {{3, 1}, {0, 3}}, 2))
            .keyLengths(3, 4)
            .build();
    short[] tiles = HalfTiles.keys(packed(problem));
    for (int c = 0; c < 4; c++) {
      assertEquals(half(k, 3, 0, 1, c), tiles[c * 8 + 1]);
      assertEquals(half(k, 1, 0, 0, c), tiles[c * 8 + 2]);
      assertEquals(0, tiles[c * 8 + 3], "behind the length of entry 0");
      assertEquals(half(k, 1, 1, 0, c), tiles[HalfTiles.TILE + c * 8 + 2]);
      assertEquals(half(k, 3, 1, 1, c), tiles[3 * HalfTiles.TILE + c * 8 + 3]);
    }
  }

  @Test
  void a_pool_without_pages_is_not_read() {
    AttentionProblem problem =
        AttentionProblem.of(counted(1, 1, 3, 4), counted(0, 1, 2, 4), counted(0, 1, 2, 1))
            .paging(new Paging(new int[][] {{-1}}, 2))
            .keyLengths(0)
            .build();
    assertEquals(0, count(HalfTiles.keys(packed(problem))));
  }

  @Test
  void ties_go_to_even() {
    Tensor q = row(1 + 0x1p-11f, 1 + 3 * 0x1p-11f);
    short[] tiles = HalfTiles.queries(packed(AttentionProblem.of(q, q, q).build()));
    assertArrayEquals(new short[] {0x3C00, 0x3C02}, new short[] {tiles[0], tiles[1]});
  }

  private static Tensor row(float... values) {
    return Tensor.adopt(Shape.of(1, 1, 1, values.length), values);
  }

  @Test
  void what_binary16_cannot_hold_does_not_fit() {
    assertTrue(HalfTiles.fit(List.of(row(65504, -65504, 1e-9f))));
    assertFalse(HalfTiles.fit(List.of(row(65520))));
    assertFalse(HalfTiles.fit(List.of(row(1), row(Float.NaN))));
    assertFalse(HalfTiles.fit(List.of(row(Float.NEGATIVE_INFINITY))));
  }
}
