package dev.assay.accelerated.tornado;

import dev.assay.accelerated.device.Header;
import dev.assay.accelerated.device.PairIndex;
import dev.assay.accelerated.device.Parts;
import uk.ac.manchester.tornado.api.types.arrays.IntArray;

/** Where tokens and pairs lie, read from the header. */
final class Places {
  /** Row of what is not there. */
  static final int ABSENT = -1;

  private Places() {}

  /** The row of q, out and lse that belongs to query i, or {@link #ABSENT}. */
  static int query(IntArray ints, int b, int h, int i) {
    int queries = ints.get(Header.QUERIES);
    int row = PairIndex.queryRow(b, h, i, ints.get(Header.HEADS), queries);
    return i < queries ? row : ABSENT;
  }

  /** The row of k and v that belongs to key j, by way of the page table, or {@link #ABSENT}. */
  static int key(IntArray ints, int b, int kvHead, int j) {
    int row = ABSENT;
    if (j < ints.get(Header.KEYS)) {
      int size = ints.get(Header.PAGE_SIZE);
      int entry = ints.get(Header.TABLE_AT) + b * ints.get(Header.PAGES) + j / size;
      row = PairIndex.keyRow(ints.get(entry), kvHead, ints.get(Header.KV_HEADS), j % size, size);
    }
    return row;
  }

  /** The row of a gradient of k and v that belongs to key j: by position, pages or not. */
  static int keyPosition(IntArray ints, int b, int kvHead, int j) {
    int keys = ints.get(Header.KEYS);
    return j < keys ? (b * ints.get(Header.KV_HEADS) + kvHead) * keys + j : ABSENT;
  }

  /** The key head of a query head. */
  static int kvHead(IntArray ints, int h) {
    return PairIndex.kvHead(h, ints.get(Header.HEADS), ints.get(Header.KV_HEADS));
  }

  /** The list of tiles of a batch entry and head. */
  private static int list(IntArray ints, int b, int h) {
    int lists = ints.get(Header.LISTS);
    return b * lists + h % lists;
  }

  /** Where the first entry of a query tile's row is written, and behind it that of the next row. */
  static int rowPointer(IntArray ints, int b, int h, int tile) {
    int row = list(ints, b, h) * ints.get(Header.QUERY_TILES) + tile;
    return ints.get(Header.ROW_POINTERS_AT) + row;
  }

  /** The same for a key tile. */
  static int columnPointer(IntArray ints, int b, int h, int tile) {
    int row = list(ints, b, h) * ints.get(Header.KEY_TILES) + tile;
    return ints.get(Header.COLUMN_POINTERS_AT) + row;
  }

  /** Where a part of a plane is described; {@code what} says which parts. */
  static int part(IntArray ints, int what, int plane, int part) {
    return ints.get(what) + Parts.FIELDS * (plane * ints.get(what + 1) + part);
  }

  /** Where a part ends of the list that a pointer points to: behind its own last entry at most. */
  static int partEnd(IntArray ints, int pointer, int to) {
    int start = ints.get(pointer);
    int length = ints.get(pointer + 1) - start;
    return start + (to < length ? to : length);
  }

  /** Where the number of a pair is, in the tensor that the header describes at {@code what}. */
  static int pair(IntArray ints, int what, int b, int h, int i, int j) {
    return ints.get(what)
        + PairIndex.pair(
            b,
            h,
            i,
            j,
            ints.get(what + 1),
            ints.get(what + 2),
            ints.get(what + 3),
            ints.get(what + 4));
  }
}
