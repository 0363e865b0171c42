package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.assay.bench.Comparison;
import dev.assay.bench.Comparison.Row;
import dev.assay.bench.Pass;
import dev.assay.bench.PeakMemory;
import dev.assay.bench.Timing;
import dev.assay.bench.Work;
import dev.assay.bench.Workload;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class BenchTextTest {
  private static final Map<Pass, Timing> TIMINGS =
      Map.of(Pass.FORWARD, new Timing(1, 1, 1), Pass.FORWARD_AND_BACKWARD, new Timing(1, 1, 1));

  private static Row row(String engine, @Nullable PeakMemory memory) {
    return new Row(engine, "made up", TIMINGS, memory, null);
  }

  @Test
  void memory_below_what_can_be_measured_is_no_number() {
    StringWriter text = new StringWriter();
    List<Row> rows =
        List.of(
            row("none", new PeakMemory(50, 50)),
            row("some", new PeakMemory(50, 62.25)),
            row("unknown", null));
    Workload workload = new Workload(Work.DENSE, 8, 1, 1, 4);
    new BenchText(new PrintWriter(text), new Comparison(workload, 1, 1, rows)).print();
    String line = text.toString().lines().filter(l -> l.startsWith("peak")).findFirst().orElse("");
    assertEquals(
        List.of("too little to measure", "12.3", "not measured"),
        List.of(line.substring("peak memory, MiB".length()).strip().split(" {2,}", -1)));
  }
}
