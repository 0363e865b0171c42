package dev.assay.accelerated.device;

/**
 * Where the sizes and places of a problem stand at the beginning of the integers that a kernel
 * reads. They come with the data and not as arguments, because a kernel is compiled anew for each
 * value of an argument; so one compiled kernel serves all shapes.
 *
 * <p>Places named {@code ..._AT} are positions: in the integers, in the floats that go in, or in
 * those that come out; -1 stands for what the problem has not.
 */
public final class Header {
  /** Length of the header. */
  public static final int LENGTH = 80;

  // shapes
  public static final int HEADS = 0;
  public static final int KV_HEADS = 1;
  public static final int QUERIES = 2;
  public static final int KEYS = 3;
  public static final int DEPTH = 4;
  public static final int VALUE_DEPTH = 5;

  // Constants of Tiles, as data: a loop with such a bound is not unrolled, which would make
  // its body, and the time to compile it, as many times as large.
  public static final int OWN = 6;
  public static final int EDGE = 61;
  public static final int CHUNK = 62;
  public static final int SLAB = 63;

  // key j lies in slot j mod PAGE_SIZE of page TABLE_AT[b * PAGES + j / PAGE_SIZE]
  public static final int PAGE_SIZE = 7;
  public static final int PAGES = 8;

  // tiles: list b * LISTS + (h mod LISTS)
  public static final int LISTS = 9;
  public static final int QUERY_TILES = 10;
  public static final int KEY_TILES = 11;

  // in the integers
  public static final int FROM_AT = 12;
  public static final int TO_AT = 13;
  public static final int TABLE_AT = 14;
  public static final int ROW_POINTERS_AT = 15;
  public static final int COLUMNS_AT = 16;
  public static final int ROW_BITS_AT = 17;
  public static final int COLUMN_POINTERS_AT = 18;
  public static final int QUERY_TILES_AT = 19;
  public static final int COLUMN_BITS_AT = 20;

  // in the floats that go in
  public static final int SCALE_AT = 21;
  public static final int CAP_AT = 22;
  public static final int KEPT_FACTOR_AT = 23;
  public static final int Q_AT = 24;
  public static final int K_AT = 25;
  public static final int V_AT = 26;
  public static final int OUT_AT = 27;
  public static final int LSE_AT = 28;
  public static final int D_OUT_AT = 29;
  public static final int D_LSE_AT = 30;

  // 1 with a page table, 0 where the keys of a batch entry lie one behind the other
  public static final int PAGED = 47;

  // a number for each pair: its place, then the strides of batch entry, head, query and key
  public static final int BIAS = 32;
  public static final int MASK = 37;
  public static final int KEEP = 42;

  // in the floats that come out
  public static final int RESULT_OUT_AT = 48;
  public static final int RESULT_LSE_AT = 49;
  public static final int DELTA_AT = 50;
  public static final int DQ_AT = 51;
  public static final int DK_AT = 52;
  public static final int DV_AT = 53;
  public static final int QUERY_SUMS_AT = 54;
  public static final int KEY_SUMS_AT = 55;
  public static final int D_BIAS_AT = 56;

  // heads of the bias, and batch entries: 1 where it is broadcast
  public static final int BATCHES = 57;
  public static final int BIAS_BATCHES = 58;
  public static final int BIAS_HEADS = 59;

  // Parts: where they lie in the integers, and directly behind it how many a plane has
  public static final int KEY_PARTS_AT = 64;
  public static final int KEY_PARTS = 65;
  public static final int QUERY_PARTS_AT = 66;
  public static final int QUERY_PARTS = 67;

  // in the floats that come out, by slot of a part
  public static final int DQ_PARTS_AT = 68;
  public static final int DK_PARTS_AT = 69;
  public static final int DV_PARTS_AT = 70;
  public static final int QUERY_SUM_PARTS_AT = 71;
  public static final int KEY_SUM_PARTS_AT = 72;

  // batch entries times heads times queries
  public static final int QUERY_ROWS = 60;

  private Header() {}
}
