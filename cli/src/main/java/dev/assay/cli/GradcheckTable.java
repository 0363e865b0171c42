package dev.assay.cli;

import dev.assay.gradcheck.gradient.GradientChecks;
import dev.assay.gradcheck.gradient.Mismatch;
import dev.assay.gradcheck.gradient.Row;
import dev.assay.gradcheck.gradient.Tally;
import dev.assay.gradcheck.gradient.Way;
import java.io.PrintWriter;
import java.util.EnumMap;
import java.util.Locale;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;

/**
 * The rows of a gradient check as text, with what failed, how to repeat it, and the sums. Without
 * details, rows in which all went well appear only in the sum of their group.
 */
final class GradcheckTable {
  private static final int SHOWN = 5;

  private final PrintWriter out;
  private final boolean details;
  private final String flags;
  private final Map<Way, Sum> group = new EnumMap<>(Way.class);
  private final Map<Way, Sum> all = new EnumMap<>(Way.class);
  private final SortedMap<String, Integer> reasons = new TreeMap<>();
  private int failed;
  private int groups;

  /**
   * A table without rows.
   *
   * @param flags what a line that repeats a row must end with
   */
  GradcheckTable(PrintWriter out, boolean details, String flags) {
    this.out = out;
    this.details = details;
    this.flags = flags;
    line("subject", "way", "checked", "skipped", "refused", "error/tol", "kink at");
  }

  private void line(Object... cells) {
    out.printf(Locale.ROOT, "%-58s %-11s %8s %8s %8s %10s %8s%n", cells);
  }

  /** What several rows come to. */
  private static final class Sum {
    private int rows;
    private int checked;
    private int skipped;
    private int refused;
    private double worst;
    private double margin = Double.POSITIVE_INFINITY;

    void add(Row row) {
      rows++;
      checked += row.tally().checked();
      skipped += row.tally().skipped();
      refused += row.tally().refused();
      worst = Math.max(worst, row.tally().worst());
      margin = Math.min(margin, row.margin());
    }
  }

  private void line(String subject, Way way, Sum sum) {
    line(
        subject,
        word(way),
        sum.checked,
        sum.skipped,
        sum.refused,
        sum.checked == 0 ? "-" : String.format(Locale.ROOT, "%.4f", sum.worst),
        Double.isInfinite(sum.margin) ? "-" : String.format(Locale.ROOT, "%.1e", sum.margin));
  }

  private static String word(Way way) {
    return way.name().toLowerCase(Locale.ROOT);
  }

  void add(Row row) {
    group.computeIfAbsent(row.way(), _ -> new Sum()).add(row);
    all.computeIfAbsent(row.way(), _ -> new Sum()).add(row);
    Tally tally = row.tally();
    failed += tally.failed();
    int left = tally.refused() + tally.skipped();
    boolean notable = tally.failed() + tally.refused() > 0 || tally.checked() + left == 0;
    if (details || notable) {
      Sum one = new Sum();
      one.add(row);
      boolean op = row.group().equals(GradientChecks.OP);
      line(op ? row.name() : row.group() + "  " + row.name(), row.way(), one);
    }
    if (notable) {
      tally.mismatches().stream().limit(SHOWN).forEach(this::failure);
    }
    if (notable || (details && tally.checked() == 0)) {
      tally.remarks().forEach(this::remark);
    } else {
      tally.remarks().forEach(why -> reasons.merge(why, 1, Integer::sum));
    }
    if (tally.failed() > 0) {
      remark(tally.failed() + " of " + tally.checked() + " failed; to repeat: " + command(row));
    }
    out.flush();
  }

  private void failure(Mismatch wrong) {
    out.printf(
        Locale.ROOT,
        "    FAIL %s: %s, but the judge has %s; tolerance %.1e: %s%n",
        wrong.what(),
        wrong.value(),
        wrong.expected(),
        wrong.tolerance().absolute(),
        wrong.tolerance().reason());
  }

  private void remark(String sentence) {
    out.println("    " + sentence);
  }

  private String command(Row row) {
    String subject = row.group().equals(GradientChecks.OP) ? "--ops" : row.group();
    return Launch.replay("gradcheck", subject, "--case", row.name(), "--way", word(row.way()))
            .line()
        + flags;
  }

  /** Ends a group of rows: without details its sums are all that is seen of it. */
  void end(String name) {
    groups += group.isEmpty() ? 0 : 1;
    if (!details) {
      group.forEach((way, sum) -> line(name + ", " + sum.rows + " cases", way, sum));
      reasons.forEach((why, rows) -> remark("skipped in " + rows + " rows: " + why));
    }
    group.clear();
    reasons.clear();
    out.flush();
  }

  /** How many comparisons one way made. */
  int checked(Way way) {
    Sum sum = all.get(way);
    return sum == null ? 0 : sum.checked;
  }

  /** How many comparisons failed. */
  int failed() {
    return failed;
  }

  /** Prints the sums of everything. */
  void close() {
    all.forEach((way, sum) -> line("all, " + sum.rows + " cases", way, sum));
    double worst = all.values().stream().mapToDouble(sum -> sum.worst).max().orElse(0);
    int checked = all.values().stream().mapToInt(sum -> sum.checked).sum();
    int refused = all.values().stream().mapToInt(sum -> sum.refused).sum();
    int skipped = all.values().stream().mapToInt(sum -> sum.skipped).sum();
    if (groups > 0) {
      out.println(groups + " mechanisms");
    }
    out.printf(
        Locale.ROOT,
        "%d checked, %d refused, %d skipped, %d failed, worst error/tolerance %.4f (%s)%n",
        checked,
        refused,
        skipped,
        failed,
        worst,
        flags.strip());
    out.flush();
  }
}
