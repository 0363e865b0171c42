package dev.assay.bench.report;

import java.util.List;
import java.util.Locale;
import java.util.Map.Entry;

/**
 * A report as a page of the documentation. It names the command and the machine's kind, and neither
 * hosts nor folders.
 *
 * @param report what was measured
 */
public record PerformancePage(Report report) {
  private static final String INTRODUCTION =
      """
      # Performance

      Generated from the JSON of one run; do not edit. Every number was measured in JVMs of its own, after its results
      were judged element by element against their bounds. A share is one of the multiply-add peak that a loop in the
      same JVM reached in the same rounds; operations are counted as usual, 4 forward and 10 backward for each pair and
      channel. `must` and `aim` are the project's goals.
      """;

  private static final String EXPLANATION =
      """
      Heads are 8 and channels 64 unless a row says otherwise. Peers run on inputs that lie ready in their own memory,
      and their results are not copied out. Mechanisms are timed with the plan that they give an engine, without the
      tape. The bandwidth of the copy loop counts a byte that is read and written twice.
      """;

  /** The page, in Markdown. */
  public String text() {
    ReportTable table = new ReportTable(report);
    StringBuilder page = new StringBuilder(INTRODUCTION);
    page.append("\n```\n").append(report.command()).append("\n```\n\n");
    page.append(table.machine()).append(".\n");
    page.append(capital(table.method())).append(".\n\n");
    line(page, ReportTable.COLUMNS);
    line(page, ReportTable.COLUMNS.stream().map(_ -> "---").toList());
    table.lines().forEach(cells -> line(page, cells));
    page.append('\n').append(capital(table.summary())).append(".\n\n").append(EXPLANATION);
    figures(page);
    return page.toString();
  }

  /** What an experiment measured besides the numbers that it was made for. */
  private void figures(StringBuilder page) {
    page.append("\n## All figures\n\n");
    page.append("Medians over the JVMs, under the names that they have in the JSON.\n\n");
    line(page, List.of("experiment", "threads", "figures"));
    line(page, List.of("---", "---", "---"));
    String before = "";
    for (Row row : report.rows()) {
      String experiment = row.experiment() + " " + row.threads();
      if (!experiment.equals(before) && !row.figures().isEmpty()) {
        line(page, List.of(row.experiment(), Integer.toString(row.threads()), list(row)));
      }
      before = experiment;
    }
  }

  private static String list(Row row) {
    StringBuilder list = new StringBuilder();
    for (Entry<String, Double> figure : row.figures().entrySet()) {
      list.append(list.isEmpty() ? "" : ", ");
      list.append(figure.getKey()).append(' ');
      list.append(String.format(Locale.ROOT, "%.4g", figure.getValue()));
    }
    return list.toString();
  }

  private static void line(StringBuilder page, List<String> cells) {
    for (String cell : cells) {
      page.append("| ").append(cell.replace("|", "\\|")).append(' ');
    }
    page.append("|\n");
  }

  private static String capital(String sentence) {
    return sentence.substring(0, 1).toUpperCase(Locale.ROOT) + sentence.substring(1);
  }
}
