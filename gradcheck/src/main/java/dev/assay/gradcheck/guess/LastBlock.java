package dev.assay.gradcheck.guess;

import java.util.Optional;

/** All failures lie in the last tokens, behind the last multiple of a block size. */
final class LastBlock implements Guess {
  private static final int[] SIZES = {128, 64, 32, 16};

  @Override
  public Optional<String> look(Failure failure) {
    Axes axes = failure.axes();
    if (!axes.byHead()) {
      return Optional.empty();
    }
    int first = axes.tokens();
    for (int row : failure.rows().keySet()) {
      first = Math.min(first, axes.tokenOfRow(row));
    }
    for (int size : SIZES) {
      int start = axes.tokens() / size * size;
      if (start > 0 && start < axes.tokens() && first >= start) {
        String kind = axes.token().equals("k") ? "key" : "query";
        return Optional.of(
            "all failures lie in the last %s block (%d..%d of %d, blocks of %d): ragged tail?"
                .formatted(kind, start, axes.tokens() - 1, axes.tokens(), size));
      }
    }
    return Optional.empty();
  }
}
