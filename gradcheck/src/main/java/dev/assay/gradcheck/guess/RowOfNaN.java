package dev.assay.gradcheck.guess;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows that are NaN from end to end. */
final class RowOfNaN implements Guess {
  @Override
  public Optional<String> look(Failure failure) {
    if (!failure.axes().byHead()) {
      return Optional.empty();
    }
    List<Integer> lost = new ArrayList<>();
    failure
        .rows()
        .forEach(
            (row, failing) -> {
              if (failing == failure.axes().width() && allNaN(failure, row)) {
                lost.add(row);
              }
            });
    if (lost.isEmpty()) {
      return Optional.empty();
    }
    String first = failure.axes().describeRow(lost.getFirst());
    return Optional.of(
        lost.size() == 1
            ? "row " + first + " is all NaN"
            : lost.size() + " rows are all NaN, the first is " + first);
  }

  private static boolean allNaN(Failure failure, int row) {
    int width = failure.axes().width();
    for (int p = row * width; p < (row + 1) * width; p++) {
      if (!Double.isNaN(failure.compared().value().get(p))) {
        return false;
      }
    }
    return true;
  }
}
