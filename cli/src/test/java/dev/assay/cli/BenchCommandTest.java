package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Arrays;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class BenchCommandTest {
  private static final String[] SMALL = {
    "bench", "--n", "100", "--heads", "2", "--d", "8", "--rounds", "1", "--warm-up", "0.1"
  };

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int bench(String... more) {
    String[] arguments = Arrays.copyOf(SMALL, SMALL.length + more.length);
    System.arraycopy(more, 0, arguments, SMALL.length, more.length);
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void json_holds_time_memory_and_error_of_every_engine() {
    assertEquals(ExitCode.PASS, bench("--compare", "simd,scalar", "--format", "json"));
    JsonNode report = JsonMapper.shared().readTree(out.toString());
    assertTrue(report.get("within_bounds").asBoolean());
    assertTrue(report.get("peak_gflops").asDouble() > 0);
    JsonNode simd = report.get("engines").get("simd");
    assertTrue(simd.get("forward").get("median_ms").asDouble() > 0);
    assertTrue(simd.get("error_over_bound").get("dv").asDouble() < 1);
    JsonNode scalar = report.get("engines").get("scalar");
    assertTrue(scalar.get("forward_and_backward").get("times_the_first").asDouble() > 0);
    assertFalse(scalar.has("error_over_bound"), "the fp64 engine is the judge");
  }

  @Test
  void text_names_the_workload_and_both_engines() {
    assertEquals(ExitCode.PASS, bench("--work", "causal", "--compare", "simd"));
    assertTrue(out.toString().startsWith("causal, n = 100, 2 heads on 2, d = 8;"), out::toString);
    assertTrue(out.toString().contains("error/bound of dq"), out::toString);
  }

  @Test
  void an_unknown_engine_is_absent() {
    assertEquals(ExitCode.NOTHING_RUN, bench("--compare", "simd,nobody"));
    assertTrue(err.toString().contains("there is no engine nobody"), err::toString);
  }
}
