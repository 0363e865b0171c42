package dev.assay.cli;

import dev.assay.bench.Comparison;
import dev.assay.bench.Comparison.Row;
import dev.assay.bench.Pass;
import dev.assay.bench.Timing;
import dev.assay.file.Json;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/** A comparison of engines for programs: the measured numbers and those derived from them. */
final class BenchJson {
  private BenchJson() {}

  static String of(Comparison comparison) {
    Map<String, Object> root = new LinkedHashMap<>();
    root.put("workload", comparison.workload());
    root.put("peak_gflops", comparison.peakGigaflops());
    root.put("threads", comparison.threads());
    Map<String, Object> engines = new LinkedHashMap<>();
    for (Row row : comparison.rows()) {
      engines.put(row.engine(), engine(comparison, row));
    }
    root.put("engines", engines);
    root.put("within_bounds", comparison.allWithinBounds());
    return Json.mapper().writeValueAsString(root);
  }

  private static Map<String, Object> engine(Comparison comparison, Row row) {
    Map<String, Object> engine = new LinkedHashMap<>();
    engine.put("description", row.description());
    for (Map.Entry<Pass, Timing> entry : row.timings().entrySet()) {
      Pass pass = entry.getKey();
      Map<String, Object> timing = new LinkedHashMap<>();
      timing.put("median_ms", entry.getValue().medianMillis());
      timing.put("fastest_ms", entry.getValue().fastestMillis());
      timing.put("runs", entry.getValue().runs());
      timing.put("times_the_first", comparison.ratio(row, pass));
      timing.put("gflops", comparison.gigaflops(row, pass));
      timing.put("share_of_peak", comparison.shareOfPeak(row, pass));
      engine.put(pass.name().toLowerCase(Locale.ROOT), timing);
    }
    if (row.memory() != null) {
      engine.put("memory_mib", row.memory().addedMebibytes());
    }
    if (row.accuracy() != null) {
      engine.put("error_over_bound", row.accuracy().worst());
    }
    return engine;
  }
}
