package dev.assay.mechanism;

import java.util.List;

/** Small problems. */
final class DenseCases {
  private DenseCases() {}

  static List<Case> all() {
    return List.of();
  }
}
