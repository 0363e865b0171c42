package dev.assay.mechanism.pruned;

import dev.assay.mechanism.BestScores;
import dev.assay.mechanism.Inputs;
import dev.assay.mechanism.LastRow;
import dev.assay.plan.AttentionProblem;

/** Why a pair that a {@link MInference} keeps is kept, with the place of its line in the search. */
final class PatternReasons {
  private final MInference settings;
  private final PatternChoice choice;
  private final Inputs inputs;
  private final LastRow<double[]> columns;
  private final LastRow<double[]> diagonals;

  PatternReasons(
      MInference settings, AttentionProblem problem, Inputs inputs, PatternChoice choice) {
    this.settings = settings;
    this.choice = choice;
    this.inputs = inputs;
    PatternSearch search = new PatternSearch(settings, problem, new Margin());
    this.columns = new LastRow<>((b, h, _) -> search.probe(new HeadRows(problem, b, h), false));
    this.diagonals = new LastRow<>((b, h, _) -> search.probe(new HeadRows(problem, b, h), true));
  }

  String of(int b, int h, int i, int j) {
    int map = b * choice.patterns().length + h;
    return switch (choice.patterns()[h]) {
      case A_SHAPE -> j < settings.init() ? "first column: " + j : "band: " + (i - j) + " before";
      case VERTICAL_SLASH ->
          choice.diagonals()[map][i - j]
              ? diagonal(b, h, i - j)
              : choice.columns()[map][j]
                  ? column(b, h, j)
                  : "beside a diagonal: " + (i - j) + " before";
      case BLOCK_SPARSE ->
          "top block: (" + i / settings.block() + ", " + j / settings.block() + ")";
    };
  }

  private String diagonal(int b, int h, int distance) {
    String why = "diagonal: " + distance + " before";
    if (inputs.has("diagonals")) {
      return why;
    }
    return distance < settings.nearDiagonals()
        ? why + ", always kept"
        : why + ", " + BestScores.place(diagonals.of(b, h, 0), distance);
  }

  private String column(int b, int h, int j) {
    String why = "column: " + j;
    if (inputs.has("columns")) {
      return why;
    }
    return j < settings.firstColumns()
        ? why + ", always kept"
        : why + ", " + BestScores.place(columns.of(b, h, 0), j);
  }
}
