package dev.assay.cli;

import dev.assay.bench.Work;
import dev.assay.bench.Workload;
import dev.assay.bench.device.DeviceReport;
import dev.assay.bench.device.DeviceRow;
import dev.assay.bench.device.DeviceRow.Clocks;
import java.io.PrintWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** What the device suite measured, as a table in Markdown: for people and for docs/gpu.md. */
final class DeviceText {
  private static final double PERCENT = 100;

  private final PrintWriter out;
  private final DeviceReport report;

  DeviceText(PrintWriter out, DeviceReport report) {
    this.out = out;
    this.report = report;
  }

  void print() {
    out.printf(
        Locale.ROOT,
        "%s: %.0f GFLOP/s of multiply-adds, %.0f GB/s of copying; medians of %d runs%n%n",
        report.device(),
        report.rates().gigaflops(),
        report.rates().gigabytes(),
        report.rounds());
    out.println(
        "| engine | work | n | pass | kernels, ms | host, ms | GFLOP/s | of the multiply-add rate | against dense |"
            + " error / bound |");
    out.println("|---|---|---|---|---|---|---|---|---|---|");
    for (DeviceRow row : report.rows()) {
      line(row, "forward", row.forward(), dense(row, false));
      if (row.backward() != null) {
        line(row, "backward", row.backward(), dense(row, true));
      }
    }
    out.flush();
  }

  private void line(DeviceRow row, String pass, Clocks clocks, double denseMillis) {
    Workload workload = row.workload();
    out.printf(
        Locale.ROOT,
        "| %s | %s | %d | %s | %.3f | %.1f | %.0f | %.1f %% | %s | %s |%n",
        row.engine(),
        workload.work().name().toLowerCase(Locale.ROOT),
        workload.n(),
        pass,
        clocks.kernelMillis(),
        clocks.hostMillis(),
        clocks.gigaflops(),
        PERCENT * clocks.gigaflops() / report.rates().gigaflops(),
        Double.isNaN(denseMillis)
            ? "-"
            : String.format(Locale.ROOT, "%.2fx", denseMillis / clocks.kernelMillis()),
        row.errorOverBound() == null
            ? "-"
            : String.format(Locale.ROOT, "%.4f", row.errorOverBound()));
  }

  /** What the same engine took for all pairs of as many tokens; NaN if that was not measured. */
  private double dense(DeviceRow row, boolean backward) {
    for (DeviceRow other : report.rows()) {
      Workload all = other.workload();
      if (other.engine().equals(row.engine())
          && all.work() == Work.DENSE
          && all.n() == row.workload().n()
          && row.workload().work() != Work.DENSE) {
        @Nullable Clocks clocks = backward ? other.backward() : other.forward();
        return clocks == null ? Double.NaN : clocks.kernelMillis();
      }
    }
    return Double.NaN;
  }
}
