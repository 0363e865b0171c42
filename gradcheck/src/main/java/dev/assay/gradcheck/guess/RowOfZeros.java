package dev.assay.gradcheck.guess;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;

/** Rows that are zero though they should not be: a contribution that was never added. */
final class RowOfZeros implements Guess {
  @Override
  public Optional<String> look(Failure failure) {
    Axes axes = failure.axes();
    if (!axes.byHead()) {
      return Optional.empty();
    }
    List<Integer> zero = new ArrayList<>();
    for (int row : failure.rows().keySet()) {
      boolean all = true;
      for (int p = row * axes.width(); p < (row + 1) * axes.width(); p++) {
        all &= failure.compared().value().get(p) == 0;
      }
      if (all) {
        zero.add(row);
      }
    }
    if (zero.size() != failure.rows().size()) {
      return Optional.empty();
    }
    boolean last = zero.stream().allMatch(row -> axes.tokenOfRow(row) == axes.tokens() - 1);
    String name = axes.token().equals("k") ? "key" : "query";
    if (last) {
      return Optional.of(
          "%s of the last %s (%d) is zero: is it lost?"
              .formatted(failure.tensor(), name, axes.tokens() - 1));
    }
    return Optional.of(
        "%d rows of %s are zero, the first is %s: were they never written?"
            .formatted(zero.size(), failure.tensor(), axes.describeRow(zero.getFirst())));
  }
}
