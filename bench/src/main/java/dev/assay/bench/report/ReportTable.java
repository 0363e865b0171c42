package dev.assay.bench.report;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * The rows of a report as cells of text: the same for a terminal and for a page.
 *
 * @param report whose rows
 */
public record ReportTable(Report report) {
  /** Names of the columns. */
  public static final List<String> COLUMNS =
      List.of(
          "what",
          "threads",
          "time, ms",
          "share of peak",
          "ratio",
          "measured",
          "spread",
          "must",
          "aim",
          "");

  private static final double PERCENT = 100;

  /** A line of cells for each row of the report. */
  public List<List<String>> lines() {
    return report.rows().stream().map(ReportTable::line).toList();
  }

  private static List<String> line(Row row) {
    Goal goal = row.goal();
    Spread value = row.value();
    List<String> cells = new ArrayList<>();
    cells.add(goal.what());
    cells.add(Integer.toString(row.threads()));
    cells.add(number(own(row, Row.MILLIS), "%.2f"));
    Double share = row.figure(Row.SHARE);
    cells.add(number(share == null ? null : PERCENT * share, "%.1f %%"));
    cells.add(number(own(row, Row.RATIO), "%.2fx"));
    cells.add(value == null ? "-" : goal.text(value.median()));
    cells.add(value == null ? "-" : goal.text(value));
    cells.add(goal.threshold(goal.must()));
    cells.add(goal.threshold(goal.aim()));
    cells.add(row.verdict().text() + (row.reason().isEmpty() ? "" : ": " + row.reason()));
    return cells;
  }

  /** An experiment with several subjects names the figures of each with its own first word. */
  private static @Nullable Double own(Row row, String name) {
    String value = row.goal().value();
    Double own = row.figure(value.substring(0, value.lastIndexOf('_') + 1) + name);
    return own == null ? row.figure(name) : own;
  }

  private static String number(@Nullable Double figure, String format) {
    return figure == null ? "-" : String.format(Locale.ROOT, format, figure);
  }

  /** How many goals were reached and missed, in a sentence. */
  public String summary() {
    long reached = report.count(Verdict.REACHED) + report.count(Verdict.AIM_REACHED);
    return "%d goals reached, %d of them as far as was aimed; %d missed; %d reported; %d not measured"
        .formatted(
            reached,
            report.count(Verdict.AIM_REACHED),
            report.count(Verdict.MISSED),
            report.count(Verdict.REPORTED),
            report.count(Verdict.NOT_MEASURED));
  }

  /** What it ran on, in a sentence. */
  public String machine() {
    Machine machine = report.machine();
    return "%s, %d cores; %s; JDK %s"
        .formatted(machine.cpu(), machine.cores(), machine.vectors(), machine.jdk());
  }

  /** How it was measured, in a sentence. */
  public String method() {
    Report.Settings settings = report.settings();
    return String.format(
        Locale.ROOT,
        "medians over %d JVMs of %d interleaved rounds each, after %.1f s of warm-up%s",
        settings.forks(),
        settings.rounds(),
        settings.warmUpSeconds(),
        settings.full() ? "" : "; TINY SIZES, which try the code and measure nothing");
  }
}
