package dev.assay.accelerated.device;

import java.util.function.IntBinaryOperator;

/**
 * How the tiles that a tile meets are shared among work-groups: a list that is much longer than the
 * others of its plane, as that of a key which all queries see, would keep one group busy when all
 * others are done. Such a list is cut into parts. The first of them writes where the result
 * belongs, each other one to a slot of its own, and {@link #add} adds the slots, in their order.
 *
 * @param count parts of a plane, the same number for all
 * @param ints four for each part, plane by plane: its tile, the first entry of the list and the one
 *     behind the last, counted from the beginning of the list, and its slot or -1
 * @param slots number of slots
 */
public record Parts(int count, int[] ints, int slots) {
  /** No parts, where nothing asks for them. */
  static final Parts NONE = new Parts(0, new int[0], 0);

  /** Ints of a part. */
  public static final int FIELDS = 4;

  // which of them
  public static final int FROM = 1;
  public static final int TO = 2;
  public static final int SLOT = 3;

  /** Entries that are never cut apart. */
  static final int LEAST = 24;

  /** How many times the mean of its plane a list may be as long and stay whole. */
  private static final int LONG = 4;

  /**
   * The parts of lists.
   *
   * @param length entries of a tile's list in a plane
   */
  static Parts of(int planes, int tiles, IntBinaryOperator length) {
    int count = 0;
    int[] most = new int[planes];
    for (int plane = 0; plane < planes; plane++) {
      most[plane] = most(plane, tiles, length);
      int own = 0;
      for (int tile = 0; tile < tiles; tile++) {
        own += parts(length.applyAsInt(plane, tile), most[plane]);
      }
      count = Math.max(count, own);
    }
    int[] ints = new int[Math.multiplyExact(FIELDS, Math.multiplyExact(planes, count))];
    int slots = 0;
    for (int plane = 0; plane < planes; plane++) {
      int at = FIELDS * plane * count;
      for (int tile = 0; tile < tiles; tile++) {
        int parts = parts(length.applyAsInt(plane, tile), most[plane]);
        for (int part = 0; part < parts; part++) {
          ints[at++] = tile;
          ints[at++] = part * most[plane];
          ints[at++] = part + 1 == parts ? Integer.MAX_VALUE : (part + 1) * most[plane];
          ints[at++] = part == 0 ? -1 : slots++;
        }
      }
      // Planes with fewer parts have idle ones, of a tile behind the last. Its list may be looked
      // up, for other integers follow the pointers, and none of its entries is in 0 .. 0.
      while (at < FIELDS * (plane + 1) * count) {
        ints[at] = tiles;
        ints[at + SLOT] = -1;
        at += FIELDS;
      }
    }
    return new Parts(count, ints, slots);
  }

  private static int most(int plane, int tiles, IntBinaryOperator length) {
    long sum = 0;
    for (int tile = 0; tile < tiles; tile++) {
      sum += length.applyAsInt(plane, tile);
    }
    return (int) Math.max(LEAST, LONG * Math.ceilDiv(sum, Math.max(1, tiles)));
  }

  private static int parts(int length, int most) {
    return Math.max(1, Math.ceilDiv(length, most));
  }

  /**
   * Adds what lies in slots to where it belongs.
   *
   * @param results rows [plane, head of a group, token]
   * @param inSlots rows [slot, head of a group, 32]
   * @param group heads of a group: those that have rows of their own in a plane
   * @param tokens tokens of a plane
   * @param width numbers of a row
   */
  public void add(float[] results, float[] inSlots, int group, int tokens, int width) {
    for (int part = 0; FIELDS * part < ints.length; part++) {
      int slot = ints[FIELDS * part + SLOT];
      int first = ints[FIELDS * part] * Tiles.EDGE;
      for (int g = 0; slot >= 0 && g < group; g++) {
        int to = ((part / count * group + g) * tokens + first) * width;
        int from = (slot * group + g) * Tiles.EDGE * width;
        for (int at = 0; at < Math.min(Tiles.EDGE, tokens - first) * width; at++) {
          results[to + at] += inSlots[from + at];
        }
      }
    }
  }
}
