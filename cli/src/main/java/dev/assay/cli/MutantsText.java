package dev.assay.cli;

import dev.assay.gradcheck.mutant.KillMatrix;
import dev.assay.gradcheck.mutant.KillMatrix.CaseColumn;
import dev.assay.gradcheck.mutant.KillMatrix.MutantRow;
import dev.assay.gradcheck.mutant.RightRun;
import dev.assay.gradcheck.mutant.RightRun.Right;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/** The kill matrix as text: a row for each wrong kernel, a column for each family of cases. */
final class MutantsText {
  private MutantsText() {}

  static String of(KillMatrix matrix, List<Right> right) {
    List<String> families =
        matrix.cases().stream()
            .filter(column -> column.core() || killsSomething(matrix, column))
            .map(CaseColumn::family)
            .distinct()
            .toList();
    StringBuilder text = new StringBuilder();
    text.append("How many cases of each family find the wrong kernel; . is none. Families:\n");
    for (int f = 0; f < families.size(); f++) {
      line(text, "  %2d %s%n", f + 1, families.get(f));
    }
    header(text, families.size());
    for (MutantRow row : matrix.rows()) {
      row(text, matrix, row, families);
    }
    totals(text, matrix);
    right(text, right);
    return text.toString();
  }

  private static boolean killsSomething(KillMatrix matrix, CaseColumn column) {
    int c = matrix.cases().indexOf(column);
    return matrix.rows().stream().anyMatch(row -> row.killedBy(c));
  }

  private static void line(StringBuilder text, String template, Object... values) {
    text.append(String.format(Locale.ROOT, template.replace("%n", "\n"), values));
  }

  private static void header(StringBuilder text, int families) {
    line(text, "%n%-5s", "");
    for (int f = 1; f <= families; f++) {
      line(text, "%4d", f);
    }
    line(text, "%6s  %s%n", "cases", "fault");
  }

  private static void row(
      StringBuilder text, KillMatrix matrix, MutantRow row, List<String> families) {
    int[] kills = new int[families.size()];
    for (int c = 0; c < matrix.cases().size(); c++) {
      if (row.killedBy(c)) {
        kills[families.indexOf(matrix.cases().get(c).family())]++;
      }
    }
    line(text, "%-5s", row.id());
    for (int count : kills) {
      line(text, "%4s", count == 0 ? "." : String.valueOf(count));
    }
    line(text, "%6d  %s", matrix.kills(row, false), row.fault());
    line(text, "%s%n", row.upstream().isEmpty() ? "" : " " + row.upstream());
  }

  private static void totals(StringBuilder text, KillMatrix matrix) {
    int all = matrix.rows().size();
    int alive = matrix.survivors().size();
    line(
        text,
        "%n%d of %d wrong kernels were found, %d of them by cases of the core; %d replay a reported fault%n",
        all - alive,
        all,
        matrix.killedByCore(),
        matrix.replayed());
    for (MutantRow row : matrix.survivors()) {
      line(text, "SURVIVES: %s: %s Repeat: ", row.id(), row.fault());
      text.append(Launch.replay("mutants", "--only", row.id()).line()).append('\n');
    }
  }

  private static void right(StringBuilder text, List<Right> right) {
    if (right.isEmpty()) {
      return;
    }
    line(text, "%nRight kernels on the suite and on %d random problems:%n", RightRun.TRIES);
    long elements = 0;
    List<String> alarms = new ArrayList<>();
    for (Right one : right) {
      elements += one.elements();
      one.alarms().forEach(problem -> alarms.add(one.name() + " on " + problem));
      line(
          text,
          "  %-62s %4d problems %9d elements, largest error/bound %.3f%n",
          one.name(),
          one.problems(),
          one.elements(),
          one.tightness());
    }
    line(text, "%d false alarms in %d elements%n", alarms.size(), elements);
    alarms.forEach(alarm -> line(text, "FALSE ALARM: %s%n", alarm));
  }
}
