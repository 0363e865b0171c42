package dev.assay.bench.headline;

import java.util.List;

/** How large the problems are. */
public enum Sizes {
  /** Those that the goals are stated for. */
  FULL,
  /** So small that every experiment ends at once: tries the code, measures nothing. */
  TINY;

  /** A length of the goals, or the tiny one. */
  int n(int full, int tiny) {
    return this == FULL ? full : tiny;
  }

  /** Lengths of a series. */
  List<Integer> series(List<Integer> full, List<Integer> tiny) {
    return this == FULL ? full : tiny;
  }
}
