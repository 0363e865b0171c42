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
import java.util.Set;

/** The rows of a gradient check as text, with what failed, how to repeat it, and the sums. */
final class GradcheckTable {
  private static final String LINE = "%-54s %-11s %8s %8s %8s %10s %10s%n";
  private static final int SHOWN = 5;

  private final PrintWriter out;
  private final GradientChecks checks;
  private final boolean thorough;
  private final Map<Way, int[]> sums = new EnumMap<>(Way.class);
  private double worst;
  private int failed;

  GradcheckTable(PrintWriter out, GradientChecks checks, boolean thorough) {
    this.out = out;
    this.checks = checks;
    this.thorough = thorough;
    out.printf(
        Locale.ROOT,
        LINE,
        "subject",
        "way",
        "checked",
        "skipped",
        "refused",
        "error/tol",
        "kink at");
  }

  void add(Row row) {
    Tally tally = row.tally();
    out.printf(
        Locale.ROOT,
        LINE,
        subject(row),
        word(row.way()),
        tally.checked(),
        tally.skipped(),
        tally.refused(),
        tally.checked() == 0 ? "-" : String.format(Locale.ROOT, "%.4f", tally.worst()),
        Double.isInfinite(row.margin()) ? "-" : String.format(Locale.ROOT, "%.2g", row.margin()));
    int[] sum = sums.computeIfAbsent(row.way(), _ -> new int[3]);
    sum[0] += tally.checked();
    sum[1] += tally.skipped();
    sum[2] += tally.refused();
    worst = Math.max(worst, tally.worst());
    failed += tally.failed();
    if (tally.failed() > 0) {
      failure(row);
    } else if (tally.refused() > 0 || tally.checked() == 0) {
      tally.remarks().forEach(remark -> out.printf(Locale.ROOT, "    %s%n", remark));
    }
    out.flush();
  }

  private static String subject(Row row) {
    return row.group().equals(GradientChecks.OP) ? row.name() : row.group() + "  " + row.name();
  }

  private static String word(Way way) {
    return way.name().toLowerCase(Locale.ROOT);
  }

  private void failure(Row row) {
    Tally tally = row.tally();
    for (Mismatch wrong : tally.mismatches().stream().limit(SHOWN).toList()) {
      out.printf(
          Locale.ROOT,
          "    FAIL %s: %s, but the judge has %s; tolerance %.1e%n",
          wrong.what(),
          wrong.value(),
          wrong.expected(),
          wrong.tolerance().absolute());
    }
    Mismatch first = tally.mismatches().getFirst();
    out.printf(
        Locale.ROOT,
        "    %d of %d failed; tolerance: %s%n",
        tally.failed(),
        tally.checked(),
        first.tolerance().reason());
    tally.remarks().forEach(remark -> out.printf(Locale.ROOT, "    %s%n", remark));
    out.printf(
        Locale.ROOT,
        "    repeat: ./assay gradcheck %s --case '%s' --way %s --seed %d%s%n",
        row.group().equals(GradientChecks.OP) ? "--ops" : row.group(),
        row.name(),
        word(row.way()),
        checks.seed(),
        thorough ? " --thorough" : "");
  }

  /** Prints the sums; the answer is the exit code. */
  int close(Set<Way> asked) {
    int code = failed > 0 ? ExitCode.MISMATCH : ExitCode.PASS;
    for (Way way : asked) {
      int[] sum = sums.getOrDefault(way, new int[3]);
      out.printf(Locale.ROOT, LINE, "all", word(way), sum[0], sum[1], sum[2], "", "");
      if (sum[0] == 0) {
        out.printf(Locale.ROOT, "    nothing was checked by %s%n", word(way));
        code = ExitCode.of(code, ExitCode.NOTHING_RUN);
      }
    }
    out.printf(
        Locale.ROOT,
        "%d failed, worst error/tolerance %.4f, seed %d%n",
        failed,
        worst,
        checks.seed());
    out.flush();
    return code;
  }
}
