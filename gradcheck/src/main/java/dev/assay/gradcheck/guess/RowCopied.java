package dev.assay.gradcheck.guess;

import dev.assay.tensor.Tensor;
import java.util.Optional;

/** Rows that hold what belongs to the row before or behind. */
final class RowCopied implements Guess {
  @Override
  public Optional<String> look(Failure failure) {
    if (!failure.axes().byHead() || failure.axes().width() < 2) {
      return Optional.empty();
    }
    for (int step : new int[] {-1, 1}) {
      if (failure.rows().keySet().stream().allMatch(row -> isCopy(failure, row, step))) {
        int row = failure.rows().firstKey();
        String token = failure.axes().token();
        int at = failure.axes().tokenOfRow(row);
        return Optional.of(
            failure.rows().size() == 1
                ? "row %s %d equals row %s %d: row copied?".formatted(token, at, token, at + step)
                : "%d rows equal the row %s them: off by one?"
                    .formatted(failure.rows().size(), step < 0 ? "before" : "behind"));
      }
    }
    return Optional.empty();
  }

  private static boolean isCopy(Failure failure, int row, int step) {
    Axes axes = failure.axes();
    int token = axes.tokenOfRow(row) + step;
    if (token < 0 || token >= axes.tokens()) {
      return false;
    }
    Tensor value = failure.compared().value();
    Tensor golden = failure.compared().golden();
    for (int p = row * axes.width(); p < (row + 1) * axes.width(); p++) {
      int other = p + step * axes.width();
      if (value.get(p) != value.get(other) && !failure.near(p, golden.get(other))) {
        return false;
      }
    }
    return true;
  }
}
