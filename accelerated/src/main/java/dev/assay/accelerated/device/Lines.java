package dev.assay.accelerated.device;

import dev.assay.check.Require;

/** Places of numbers in TornadoVM's arrays at which a line of a device's cache begins. */
public final class Lines {
  /** Bytes of the header in front of the numbers of an array. */
  public static final int HEADER = 16;

  /** Bytes of a line. */
  private static final int LINE = 128;

  private Lines() {}

  /**
   * The first place from {@code at} on where a line begins.
   *
   * @param bytes of a number
   */
  public static int from(int at, int bytes) {
    int perLine = LINE / bytes;
    long place = at + (long) Math.floorMod(-HEADER / bytes - at, perLine);
    Require.argument(
        place <= Integer.MAX_VALUE,
        "the inputs take %d numbers: a device is given at most 2^31 - 1",
        place);
    return (int) place;
  }
}
