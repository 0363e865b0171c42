package dev.assay.accelerated.device;

import dev.assay.plan.AttentionProblem;
import dev.assay.tensor.Tensor;
import java.util.List;
import java.util.function.IntBinaryOperator;
import java.util.function.IntUnaryOperator;
import java.util.stream.IntStream;

/**
 * Tiles of binary16 as matrix units read them: 32 tokens of 64 channels each, the missing ones 0,
 * cut into blocks that lie one behind the other. Numbers are rounded to nearest, ties to even.
 *
 * <p>A left operand comes in blocks of 16 x 16, a right one in blocks of 16 x 8, rows first.
 * Queries are left: blocks go by tokens, then by channels. Keys are right and turned, channels x
 * tokens, and values are right, tokens x channels; blocks go by rows, then by columns. Keys and
 * values lie as they are attended to: what is in pages is fetched for each batch entry, and what
 * lies behind its length is 0.
 */
public final class HalfTiles {
  /** Halves of a tile. */
  public static final int TILE = Tiles.EDGE * Tiles.SLAB;

  /** Halves of a block of a left operand, 16 x 16. */
  public static final int BLOCK_LEFT = 256;

  /** Halves of a block of a right operand, 16 x 8. */
  public static final int BLOCK_RIGHT = 128;

  /** Row of what is not there. */
  private static final int ABSENT = -1;

  private static final int STEP = 16;
  private static final int EIGHT = 8;

  private HalfTiles() {}

  /** Whether all numbers are finite and stay so in binary16. */
  public static boolean fit(List<Tensor> tensors) {
    for (Tensor tensor : tensors) {
      for (float value : tensor.floats()) {
        if (!Float.isFinite(Float.float16ToFloat(Float.floatToFloat16(value)))) {
          return false;
        }
      }
    }
    return true;
  }

  /** Place of channel c of token r in a tile of queries. */
  private static int left(int r, int c) {
    int block = r / STEP * (Tiles.SLAB / STEP) + c / STEP;
    return block * BLOCK_LEFT + r % STEP * STEP + c % STEP;
  }

  /** Place of a number in a right operand that has so many columns. */
  private static int right(int row, int column, int columns) {
    int block = row / STEP * (columns / EIGHT) + column / EIGHT;
    return block * BLOCK_RIGHT + row % STEP * EIGHT + column % EIGHT;
  }

  /** Where channel c of token r of a tile goes, at 64 r + c. */
  private static int[] places(IntBinaryOperator place) {
    return IntStream.range(0, TILE)
        .map(at -> place.applyAsInt(at / Tiles.SLAB, at % Tiles.SLAB))
        .toArray();
  }

  /** Tiles of queries, by batch entry, head and place. */
  public static short[] queries(Packed packed) {
    AttentionProblem problem = packed.problem();
    int planes = problem.batches() * problem.heads();
    int[] places = places(HalfTiles::left);
    return tiles(problem.q(), planes, problem.queries(), row -> row, places);
  }

  /** Tiles of keys, by batch entry, key head and place. */
  public static short[] keys(Packed packed) {
    return ofKeys(packed, packed.problem().k(), places((r, c) -> right(c, r, Tiles.EDGE)));
  }

  /** Tiles of values, by batch entry, key head and place. */
  public static short[] values(Packed packed) {
    return ofKeys(packed, packed.problem().v(), places((r, c) -> right(r, c, Tiles.SLAB)));
  }

  private static short[] ofKeys(Packed packed, Tensor tensor, int[] places) {
    AttentionProblem problem = packed.problem();
    int planes = problem.batches() * problem.kvHeads();
    return tiles(tensor, planes, problem.keys(), token -> keyRow(packed, token), places);
  }

  /**
   * The row of k and v that holds a key, or {@link #ABSENT}; keys are counted by batch entry, key
   * head and place.
   */
  private static int keyRow(Packed packed, int token) {
    int[] ints = packed.ints();
    int j = token % ints[Header.KEYS];
    int plane = token / ints[Header.KEYS];
    int kvHeads = ints[Header.KV_HEADS];
    int b = plane / kvHeads;
    if (j >= packed.problem().keyLength(b)) {
      return ABSENT;
    }
    int size = ints[Header.PAGE_SIZE];
    int entry = ints[Header.TABLE_AT] + b * ints[Header.PAGES] + j / size;
    return PairIndex.keyRow(ints[entry], plane % kvHeads, kvHeads, j % size, size);
  }

  /**
   * @param rowOf the row of the tensor that holds a token, tokens being counted through all planes
   * @param places see {@link #places}
   */
  private static short[] tiles(
      Tensor tensor, int planes, int tokens, IntUnaryOperator rowOf, int[] places) {
    int width = tensor.shape().extent(tensor.shape().rank() - 1);
    float[] values = tensor.floats();
    int perPlane = Tiles.count(tokens);
    int count = Math.multiplyExact(planes, perPlane);
    short[] halves = new short[Math.multiplyExact(count, TILE)];
    IntStream.range(0, count)
        .parallel()
        .forEach(
            tile -> {
              int first = tile % perPlane * Tiles.EDGE;
              for (int r = 0; r < Tiles.EDGE && first + r < tokens; r++) {
                int row = rowOf.applyAsInt(tile / perPlane * tokens + first + r);
                for (int c = 0; row >= 0 && c < width; c++) {
                  int place = tile * TILE + places[r * Tiles.SLAB + c];
                  halves[place] = Float.floatToFloat16(values[row * width + c]);
                }
              }
            });
    return halves;
  }
}
