package dev.assay.accelerated.device;

/**
 * How the plane of queries and keys is cut for a device: tiles of 32 x 32 pairs, each worked on by
 * 8 x 8 work-items that own 4 x 4 pairs, 8 apart so that neighbours touch neighbouring memory.
 */
public final class Tiles {
  /** Queries of a tile, and keys: as many as an int has bits. */
  public static final int EDGE = 32;

  /** Work-items along a side of a tile. */
  public static final int SIDE = 8;

  /** Queries, and keys, of one work-item. */
  public static final int EACH = EDGE / SIDE;

  /** Pairs of one work-item. */
  public static final int OWN = EACH * EACH;

  /** Channels of a result that one work-group makes; wider results take several work-groups. */
  public static final int SLAB = 64;

  /** Channels of one work-item. */
  public static final int WIDE = SLAB / SIDE;

  /** Results of one work-item. */
  public static final int RESULTS = EACH * WIDE;

  /** Channels of queries and keys that are in local memory at a time. */
  public static final int CHUNK = 16;

  /** From a row of a chunk to the next in local memory; odd, so that a column meets all banks. */
  public static final int CHUNK_PITCH = CHUNK + 1;

  /** Local memory of a chunk. */
  public static final int CHUNK_AREA = EDGE * CHUNK_PITCH;

  /** From a row of a tile to the next in local memory. */
  public static final int PITCH = EDGE + 1;

  /** Local memory of a tile. */
  public static final int AREA = EDGE * PITCH;

  /** From a row of a slab to the next in local memory. */
  public static final int SLAB_PITCH = SLAB + 1;

  /** Local memory of a slab. */
  public static final int SLAB_AREA = EDGE * SLAB_PITCH;

  private Tiles() {}

  /** How many tiles cover a length. */
  public static int count(int length) {
    return Math.ceilDiv(length, EDGE);
  }

  /** How many slabs cover a row of channels. */
  public static int slabs(int channels) {
    return Math.ceilDiv(channels, SLAB);
  }
}
