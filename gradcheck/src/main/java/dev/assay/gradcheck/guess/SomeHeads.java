package dev.assay.gradcheck.guess;

import dev.assay.tensor.Tensor;
import java.util.Optional;
import java.util.Set;
import java.util.TreeSet;

/** Only some heads fail: which, and whether that is where a wrong head map would show. */
final class SomeHeads implements Guess {
  @Override
  public Optional<String> look(Failure failure) {
    Axes axes = failure.axes();
    if (!axes.byHead()) {
      return Optional.empty();
    }
    TreeSet<Integer> heads = new TreeSet<>();
    failure.rows().keySet().forEach(row -> heads.add(axes.headOfRow(row)));
    if (heads.size() == axes.heads()) {
      return Optional.empty();
    }
    if (heads.equals(mapped(failure))) {
      return Optional.of("only heads " + heads + " fail: head map h % H_kv?");
    }
    return Optional.of(
        heads.size() == 1
            ? "only head " + heads.first() + " fails"
            : "only heads " + heads + " fail");
  }

  /** The query heads that h % H_kv sends to another key head than floor(h / group) does. */
  private static Set<Integer> mapped(Failure failure) {
    Set<Integer> wrong = new TreeSet<>();
    Tensor k = failure.inputs().get("k");
    int heads = failure.axes().heads();
    if (k == null || k.shape().rank() != 4 || failure.axes().token().equals("k")) {
      return wrong;
    }
    int kvHeads = k.shape().extent(1);
    for (int h = 0; h < heads; h++) {
      if (h % kvHeads != h / (heads / kvHeads)) {
        wrong.add(h);
      }
    }
    return wrong;
  }
}
