package dev.assay.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.bench.Comparison.Row;
import dev.assay.engine.Engines;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class CompareTest {
  @Test
  void engines_are_judged_timed_and_weighed() throws IOException, InterruptedException {
    Workload workload = new Workload(Work.DENSE, 256, 2, 2, 32);
    List<String> stages = new ArrayList<>();
    Comparison comparison =
        new Compare(
                workload,
                List.of(Engines.find("simd"), Engines.find("scalar")),
                1,
                0.1,
                stages::add)
            .run();
    Row simd = comparison.rows().getFirst();
    Row scalar = comparison.rows().getLast();
    assertTrue(comparison.allWithinBounds());
    assertNull(scalar.accuracy(), "the fp64 engine is the judge");
    assertEquals(1, comparison.ratio(simd, Pass.FORWARD));
    // How fast is not for a test to say: the machine may be busy and the code not yet compiled.
    assertTrue(comparison.ratio(scalar, Pass.FORWARD_AND_BACKWARD) > 0);
    assertTrue(comparison.shareOfPeak(simd, Pass.FORWARD) > 0);
    if (ResidentMemory.known()) {
      assertTrue(assertNotNullMemory(simd).peakMebibytes() > 10, "a JVM takes more than that");
    }
    assertTrue(stages.contains("round 1 of 1"), stages::toString);
  }

  private static PeakMemory assertNotNullMemory(Row row) {
    PeakMemory memory = row.memory();
    assertNotNull(memory);
    return memory;
  }
}
