package dev.assay.gradcheck.verdict;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.guess.Failure;
import dev.assay.gradcheck.stage.Attribution;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** All that can be said of a failing tensor, line by line. */
public final class FailureText {
  /** Keys in a block when the coordinates of a key are given. */
  private static final int KEY_BLOCK = 64;

  private static final int WORST = 5;

  private FailureText() {}

  /** One line: how many, the first, and the best guess. */
  public static String summary(CaseVerdict verdict, TensorVerdict tensor) {
    Failure failure = tensor.failure();
    if (failure == null) {
      return "%s %s passes".formatted(verdict.golden().name(), tensor.tensor());
    }
    int first = failure.compared().failures()[0];
    Attribution stage = verdict.stage();
    String named = stage == null || stage.stage() == null ? "" : "; stage: " + stage.sentence();
    String guess = tensor.guesses().isEmpty() ? "" : "; " + tensor.guesses().getFirst();
    return String.format(
        Locale.ROOT,
        "%s %s: %d of %d outside, first at %s, error/bound %.3g%s%s",
        verdict.golden().name(),
        tensor.tensor(),
        tensor.failing(),
        tensor.elements(),
        failure.axes().describe(first),
        failure.compared().ratio(first),
        named,
        guess);
  }

  /** The whole account. */
  public static List<String> lines(CaseVerdict verdict, TensorVerdict tensor) {
    Failure failure = tensor.failure();
    List<String> lines = new ArrayList<>();
    if (failure == null) {
      return lines;
    }
    Comparison compared = failure.compared();
    lines.add(
        "%s, %s: %d of %d elements are outside their bounds"
            .formatted(
                verdict.golden().name(), tensor.tensor(), tensor.failing(), tensor.elements()));
    Attribution stage = verdict.stage();
    if (stage != null) {
      lines.add("  stage: " + stage.sentence());
    }
    tensor.guesses().forEach(guess -> lines.add("  looks like: " + guess));
    int first = compared.failures()[0];
    lines.add("  first at " + place(failure, first));
    lines.addAll(numbers(compared, first));
    lines.add("  worst:");
    for (int position : compared.worst(WORST)) {
      lines.add("    " + brief(failure, position));
    }
    HeatMap.of(failure).lines().forEach(line -> lines.add("  " + line));
    tensor.histogram().lines().forEach(line -> lines.add("  " + line));
    lines.add("  repeat: " + verdict.replay());
    return lines;
  }

  private static String place(Failure failure, int position) {
    String place = failure.axes().describe(position);
    if (!failure.axes().byHead() || !failure.axes().token().equals("k")) {
      return place;
    }
    int key = failure.axes().tokenOfRow(failure.axes().row(position));
    return place
        + ", key block %d of %d keys, row %d in it"
            .formatted(key / KEY_BLOCK, KEY_BLOCK, key % KEY_BLOCK);
  }

  private static List<String> numbers(Comparison compared, int p) {
    double value = compared.value().get(p);
    double golden = compared.golden().get(p);
    return List.of(
        "    result " + value + "  " + Double.toHexString(value),
        "    golden " + golden + "  " + Double.toHexString(golden),
        String.format(
            Locale.ROOT,
            "    error %.4g, bound %.4g, error/bound %.4g, %.4g ulps of %s",
            Math.abs(value - golden),
            compared.bound().get(p),
            compared.ratio(p),
            compared.ulps(p),
            compared.type()));
  }

  private static String brief(Failure failure, int p) {
    Comparison compared = failure.compared();
    return String.format(
        Locale.ROOT,
        "%s result %.9g golden %.9g error/bound %.4g",
        failure.axes().describe(p),
        compared.value().get(p),
        compared.golden().get(p),
        compared.ratio(p));
  }
}
