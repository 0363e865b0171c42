package dev.assay.mechanism;

import java.util.List;

/** Small problems. */
final class HierarchicalChunkingCases {
  private HierarchicalChunkingCases() {}

  static List<Case> all() {
    return List.of();
  }
}
