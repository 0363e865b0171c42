package dev.assay.cli.docs;

import dev.assay.gradcheck.certified.ReferenceError;
import dev.assay.gradcheck.certified.Stage;
import java.util.Locale;
import java.util.Map;
import java.util.SequencedMap;
import org.jspecify.annotations.Nullable;

/** The page on the accuracy of the reference itself. */
public final class AccuracyPage {
  private static final String HEAD =
      """
      # How accurate the reference is

      <!-- made by './assay accuracy --write' -->

      Every result of the golden suite is evaluated twice: by the definitions in binary64, and by a second evaluator that replays the
      recorded graph, forward and gradient, in balls (a number of 106 bits or more with a proven radius) and shares no code with the
      first. The difference is the error of the reference itself. The golden files hold the second's values, rounded once.

      Errors are in units of the last place (ulps) of the largest magnitude in a tensor: an element that is small because large ones cancel
      inherits their error. Shown is the worst of all cases of a mechanism; a test fails when the reference gets worse. Cases of the family `special` (huge logits, saturated
      softcaps, values over many powers of two) have lines of their own.

      """;

  private static final String STAGES =
      """

      ## By stage

      The worst error of what a stage gives, with all that it inherited; forward / gradient. Products: queries with keys, and other
      matrix products. Softmax: weights and log-sum-exp. Weighted values: weights times values, and in the gradient weights times cotangents.
      Functions: exponentials, roots, quotients, tanh, sigmoid. Sums and factors: what is left. A dash: the mechanism has no such stage.
      "cancels": some tensor of the stage is 0 in truth, and all that binary64 leaves of it is rounding.

      """;

  /** Where so many units are off, what is left of the largest element is noise. */
  private static final double CANCELS = 0x1p45;

  private AccuracyPage() {}

  /**
   * The page as Markdown.
   *
   * @param errors by what the lines are called
   */
  public static String of(SequencedMap<String, ReferenceError> errors) {
    StringBuilder page = new StringBuilder(HEAD);
    page.append("| mechanism | out | lse | worst gradient | of | correctly rounded already |\n");
    page.append("|---|---:|---:|---:|---|---:|\n");
    errors.forEach((name, error) -> results(page, name, error));
    page.append(STAGES).append("| mechanism |");
    for (Stage stage : Stage.values()) {
      page.append(' ').append(stage.title()).append(" |");
    }
    page.append("\n|---|").append("---:|".repeat(Stage.values().length)).append('\n');
    errors.forEach((name, error) -> stages(page, name, error));
    return page.toString();
  }

  private static void results(StringBuilder page, String name, ReferenceError error) {
    String worst = "";
    double gradient = 0;
    for (Map.Entry<String, Double> one : error.results().entrySet()) {
      boolean forward = one.getKey().equals("out") || one.getKey().equals("lse");
      if (!forward && (worst.isEmpty() || one.getValue() > gradient)) {
        worst = "`" + one.getKey() + "`";
        gradient = one.getValue();
      }
    }
    page.append(
        "| %s | %s | %s | %s | %s | %.1f %% |\n"
            .formatted(
                name,
                ulps(error.results().get("out")),
                ulps(error.results().get("lse")),
                worst.isEmpty() ? "-" : ulps(gradient),
                worst,
                100.0 * error.rounded() / error.values()));
  }

  private static void stages(StringBuilder page, String name, ReferenceError error) {
    page.append("| ").append(name).append(" |");
    for (Stage stage : Stage.values()) {
      page.append(
          " %s / %s |"
              .formatted(ulps(error.forward().get(stage)), ulps(error.backward().get(stage))));
    }
    page.append('\n');
  }

  private static String ulps(@Nullable Double error) {
    if (error == null) {
      return "-";
    }
    return error > CANCELS
        ? "cancels"
        : String.format(Locale.ROOT, error < 100 ? "%.2f" : "%.3g", error);
  }
}
