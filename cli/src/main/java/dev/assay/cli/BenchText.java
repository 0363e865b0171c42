package dev.assay.cli;

import dev.assay.bench.Accuracy;
import dev.assay.bench.Comparison;
import dev.assay.bench.Comparison.Row;
import dev.assay.bench.Pass;
import dev.assay.bench.PeakMemory;
import dev.assay.bench.Timing;
import dev.assay.bench.Workload;
import java.io.PrintWriter;
import java.util.Locale;
import java.util.function.Function;

/** A comparison of engines as a table for people: a column for each engine. */
final class BenchText {
  private static final double MEBIBYTE = 1 << 20;
  private static final int PERCENT = 100;

  /** The memory of a process changes by about so much from run to run. */
  private static final double LEAST_MEBIBYTES = 1;

  private final PrintWriter out;
  private final Comparison comparison;

  BenchText(PrintWriter out, Comparison comparison) {
    this.out = out;
    this.comparison = comparison;
  }

  void print() {
    Workload w = comparison.workload();
    out.printf(
        Locale.ROOT,
        "%s, n = %d, %d heads on %d, d = %d; multiply-add peak %.0f GFLOP/s on %d threads%n",
        w.work().name().toLowerCase(Locale.ROOT),
        w.n(),
        w.heads(),
        w.kvHeads(),
        w.depth(),
        comparison.peakGigaflops(),
        comparison.threads());
    for (Row row : comparison.rows()) {
      out.printf("%s: %s%n", row.engine(), row.description());
    }
    out.println();
    cells("", Row::engine);
    if (comparison.allWithinBounds()) {
      times("forward", Pass.FORWARD);
      times("forward + backward", Pass.FORWARD_AND_BACKWARD);
      cells("peak memory, MiB", BenchText::memory);
    }
    for (String tensor : new String[] {"out", "lse", "dq", "dk", "dv"}) {
      cells("error/bound of " + tensor, row -> error(row, tensor));
    }
    out.println();
    if (comparison.allWithinBounds()) {
      out.printf(
          Locale.ROOT,
          "Memory is what a run adds to its inputs, results included; an n x n plane of fp32 for every head would"
              + " take %.0f MiB.%n",
          w.bytesOfAllPairs() / MEBIBYTE);
      out.println("Errors are the largest of all elements, in units of the element's own bound.");
    } else {
      out.println("WRONG RESULTS: an error is larger than its bound, so nobody was timed.");
    }
    out.flush();
  }

  private void times(String name, Pass pass) {
    cells(name + ", ms", row -> milliseconds(row, pass));
    cells("  times the first", row -> oneDecimal(comparison.ratio(row, pass)));
    cells("  GFLOP/s", row -> oneDecimal(comparison.gigaflops(row, pass)));
    cells("  share of peak, %", row -> oneDecimal(PERCENT * comparison.shareOfPeak(row, pass)));
  }

  private void cells(String name, Function<Row, String> cell) {
    out.printf("%-24s", name);
    for (Row row : comparison.rows()) {
      out.printf("%22s", cell.apply(row));
    }
    out.println();
  }

  private static String milliseconds(Row row, Pass pass) {
    Timing timing = row.timings().get(pass);
    return timing == null
        ? "-"
        : oneDecimal(timing.medianMillis()) + " (" + timing.runs() + " runs)";
  }

  private static String memory(Row row) {
    PeakMemory memory = row.memory();
    if (memory == null) {
      return "not measured";
    }
    double added = memory.addedMebibytes();
    return added < LEAST_MEBIBYTES ? "too little to measure" : oneDecimal(added);
  }

  private static String error(Row row, String tensor) {
    Accuracy accuracy = row.accuracy();
    if (accuracy == null) {
      return "(the judge)";
    }
    Double worst = accuracy.worst().get(tensor);
    return worst == null ? "-" : String.format(Locale.ROOT, "%.2g", worst);
  }

  private static String oneDecimal(double value) {
    return String.format(Locale.ROOT, "%.1f", value);
  }
}
