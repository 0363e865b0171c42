package dev.assay.mechanism;

import java.util.List;

/** Small problems. */
final class HeadGateCases {
  private HeadGateCases() {}

  static List<Case> all() {
    return List.of();
  }
}
