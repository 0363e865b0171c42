package dev.assay.gradcheck.stage;

import dev.assay.gradcheck.gate.Comparison;
import dev.assay.gradcheck.stage.BackwardSuspects.Candidate;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/**
 * The stage of wrong gradients behind a right output: plausible faults first, then delta, which is
 * solved for from each row of dq, then what is right and wrong together.
 */
final class BackwardStages {
  private static final double NEARLY_ALL = 0.95;
  private static final List<String> GRADIENTS = List.of("dq", "dk", "dv");

  private BackwardStages() {}

  /** The stage; without evidence only what is right and wrong together tells it. */
  static Attribution find(@Nullable Evidence evidence, Map<String, Comparison> compared) {
    Attribution sure = evidence == null ? null : suspects(evidence);
    if (sure == null && evidence != null) {
      sure = delta(evidence);
    }
    if (sure == null && evidence != null && poisoned(evidence)) {
      String what = "values that are masked are read";
      return new Attribution(Stage.BACKWARD_MASK, what, place(compared), 1, -1);
    }
    return sure != null ? sure : rest(compared);
  }

  /** Whether NaN or huge numbers of the inputs have come into gradients. */
  private static boolean poisoned(Evidence evidence) {
    boolean lost =
        evidence.compared().values().stream()
            .anyMatch(each -> Arrays.stream(each.failures()).anyMatch(p -> lost(each, p)));
    return lost && evidence.golden().inputs().values().stream().anyMatch(Signature::poisoned);
  }

  private static boolean lost(Comparison each, int position) {
    return !(Math.abs(each.value().get(position)) < Signature.POISON);
  }

  private static @Nullable Attribution suspects(Evidence evidence) {
    Attribution best = null;
    for (Candidate each : BackwardSuspects.of(evidence.problem())) {
      Map<String, double[]> found = BackwardModel.of(evidence, each.fault());
      if (found == null) {
        return null;
      }
      Score score = new Score();
      for (String name : GRADIENTS) {
        Comparison compared = evidence.compared().get(name);
        double[] values = Objects.requireNonNull(found.get(name));
        for (int p = 0; compared != null && p < values.length; p++) {
          score.add(compared, p, values[p]);
        }
      }
      if (score.holds(NEARLY_ALL) && (best == null || score.share() > best.share() + 0.01)) {
        String place = place(evidence.compared());
        best = new Attribution(each.stage(), each.what(), place, score.share(), -1);
      }
    }
    return best;
  }

  /**
   * With another delta, {@code dq_i} differs by {@code -(delta' - delta) scale sum_j p_ij slope_ij
   * k_j}: whether the differences of all failing rows point that way.
   */
  private static @Nullable Attribution delta(Evidence evidence) {
    Comparison dq = evidence.compared().get("dq");
    BackwardFault one =
        new BackwardFault() {
          @Override
          double delta(double rowDot, double square, double dLse) {
            return super.delta(rowDot, square, dLse) - 1;
          }
        };
    Map<String, double[]> right = BackwardModel.of(evidence, new BackwardFault());
    Map<String, double[]> moved = BackwardModel.of(evidence, one);
    boolean dvFails = evidence.fails("dv");
    if (dq == null || dq.passes() || dvFails || right == null || moved == null) {
      return null;
    }
    int width = evidence.problem().depth();
    Score score = new Score();
    TreeSet<Integer> rows = new TreeSet<>();
    for (int position : dq.failures()) {
      rows.add(position / width);
    }
    for (int row : rows) {
      double[] from = Objects.requireNonNull(right.get("dq"));
      double[] to = Objects.requireNonNull(moved.get("dq"));
      double x = along(dq, row * width, width, from, to);
      for (int p = row * width; p < (row + 1) * width; p++) {
        score.add(dq, p, from[p] + x * (to[p] - from[p]));
      }
    }
    return width > 2 && score.holds(NEARLY_ALL)
        ? new Attribution(
            Stage.DELTA,
            "another delta explains each row of dq",
            place(evidence.compared()),
            score.share(),
            -1)
        : null;
  }

  private static double along(Comparison dq, int at, int width, double[] from, double[] to) {
    double along = 0;
    double square = 0;
    for (int p = at; p < at + width; p++) {
      double step = to[p] - from[p];
      along += step * (dq.value().get(p) - from[p]);
      square += step * step;
    }
    return square == 0 ? 0 : along / square;
  }

  private static Attribution rest(Map<String, Comparison> compared) {
    TreeSet<String> wrong = new TreeSet<>();
    compared.values().stream().filter(c -> !c.passes()).forEach(c -> wrong.add(c.tensor()));
    String place = place(compared);
    if (wrong.size() == 1) {
      Stage stage =
          switch (wrong.first()) {
            case "dq" -> Stage.DQ_SUM;
            case "dk" -> Stage.DK_SUM;
            case "dv" -> Stage.DV_SUM;
            case "dbias" -> Stage.DBIAS_SUM;
            default -> null;
          };
      String what = wrong.first() + " alone is wrong";
      return stage == null ? Attribution.none(place) : new Attribution(stage, what, place, 1, -1);
    }
    if (wrong.equals(new TreeSet<>(List.of("dk", "dv")))) {
      String what = "dq is right, dk and dv are not: sums over queries and heads";
      return new Attribution(Stage.DK_SUM, what, place, 1, -1);
    }
    if (!wrong.contains("dv") && wrong.contains("dk") && wrong.contains("dq")) {
      return new Attribution(Stage.DS, "dv is right, dq and dk are not", place, 1, -1);
    }
    return wrong.contains("dv") && wrong.contains("dq")
        ? new Attribution(
            Stage.BACKWARD_WEIGHTS, "no gradient is right behind a right output", place, 1, -1)
        : Attribution.none(place);
  }

  /** Where dq is wrong if weights are right, for each query has its own; or the worst gradient. */
  private static String place(Map<String, Comparison> compared) {
    Comparison dq = compared.get("dq");
    Comparison dv = compared.get("dv");
    if (dq != null && !dq.passes() && (dv == null || dv.passes())) {
      return "dq at " + Places.of(dq);
    }
    return compared.values().stream()
        .filter(each -> !each.passes())
        .max(
            Comparator.comparingDouble(
                each -> (double) each.failures().length / each.value().size()))
        .map(each -> each.tensor() + " at " + Places.of(each))
        .orElse("");
  }
}
