package dev.assay.mechanism;

import java.util.List;

/** Small problems. */
final class SlidingWindowCases {
  private SlidingWindowCases() {}

  static List<Case> all() {
    return List.of();
  }
}
