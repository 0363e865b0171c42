package dev.assay.mechanism;

import java.util.List;

/** Small problems. */
final class BlockSparseCases {
  private BlockSparseCases() {}

  static List<Case> all() {
    return List.of();
  }
}
