package dev.assay.cli;

import dev.assay.bench.report.Report;
import dev.assay.bench.report.ReportTable;
import java.io.PrintWriter;
import java.util.List;

/**
 * The headline suite as a table for people: a line for each goal.
 *
 * @param out where to print
 * @param report what was measured
 */
record HeadlineText(PrintWriter out, Report report) {
  private static final String GAP = "  ";

  void print() {
    ReportTable table = new ReportTable(report);
    out.println(table.machine());
    out.println(table.method());
    out.println();
    List<List<String>> lines = table.lines();
    int[] widths = widths(lines);
    line(ReportTable.COLUMNS, widths);
    lines.forEach(cells -> line(cells, widths));
    out.println();
    out.println(table.summary());
    out.flush();
  }

  private static int[] widths(List<List<String>> lines) {
    int[] widths = new int[ReportTable.COLUMNS.size()];
    for (int column = 0; column < widths.length; column++) {
      widths[column] = ReportTable.COLUMNS.get(column).length();
      for (List<String> cells : lines) {
        widths[column] = Math.max(widths[column], cells.get(column).length());
      }
    }
    return widths;
  }

  /** Words to the left, numbers to the right, the verdict as it is. */
  private void line(List<String> cells, int[] widths) {
    StringBuilder line = new StringBuilder();
    int last = cells.size() - 1;
    for (int column = 0; column < last; column++) {
      String cell = cells.get(column);
      String padding = " ".repeat(widths[column] - cell.length());
      line.append(column == 0 ? cell + padding : padding + cell).append(GAP);
    }
    out.println(line.append(cells.get(last)).toString().stripTrailing());
  }
}
