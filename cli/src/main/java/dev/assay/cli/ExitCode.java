package dev.assay.cli;

import java.util.stream.IntStream;

/** What the process answers to the shell. */
final class ExitCode {
  static final int PASS = 0;
  static final int MISMATCH = 1;
  static final int USAGE = 2;
  static final int MALFORMED = 3;
  static final int SELF_TEST_FAILED = 4;
  static final int NOTHING_RUN = 5;
  static final int INTERNAL = 70;
  static final int INTERRUPTED = 130;

  private ExitCode() {}

  /**
   * The code of several results together: 3 outweighs 1, and 1 outweighs 5; without any of them it
   * is 0.
   */
  static int of(int... codes) {
    for (int heavy : new int[] {MALFORMED, MISMATCH, NOTHING_RUN}) {
      if (IntStream.of(codes).anyMatch(code -> code == heavy)) {
        return heavy;
      }
    }
    return PASS;
  }
}
