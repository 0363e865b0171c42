package dev.assay.bench.report;

import dev.assay.bench.report.Goal.Unit;
import dev.assay.bench.report.Point.Plot;
import dev.assay.bench.report.Report.Settings;
import java.util.List;
import java.util.Map;

/** A report that nobody measured. */
final class Synthetic {
  static final Report REPORT =
      new Report(
          "./assay bench --suite headline --threads 1,2 --forks 3",
          new Machine("A Processor", 2, "fp32, 512-bit vectors (16 floats), 2 threads", "25"),
          new Settings(3, 3, 3, true),
          List.of(
              Row.measured(
                  "dense-2048",
                  Goal.share(Row.SHARE, "dense forward, n = 2048", 0.72, 0.80),
                  2,
                  Spread.of(List.of(0.75, 0.74, 0.78)),
                  Map.of(Row.MILLIS, 12.5, Row.SHARE, 0.75, Row.PEAK, 400.0)),
              Row.measured(
                  "training",
                  Goal.reported("gate_ratio", "head gating", Unit.TIMES),
                  2,
                  Spread.of(List.of(2.0)),
                  Map.of(Row.MILLIS, 1.0, "gate_millis", 7.0, Row.BANDWIDTH, 40.0)),
              Row.without(
                  "libtorch-shipped",
                  Goal.times(Row.RATIO, "against | libtorch", 2, 2.5),
                  2,
                  Verdict.NOT_MEASURED,
                  "libtorch is not loaded")),
          List.of(
              new Point(Plot.ROOFLINE, "dense-2048", 500, 300),
              new Point(Plot.TIME, "dense", 2048, 12.5),
              new Point(Plot.DENSITY, "blocks of 64", 0.01, 1),
              new Point(Plot.DENSITY, "blocks of 64", 1, 90)));

  private Synthetic() {}
}
