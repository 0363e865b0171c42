package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class StudyCommandsTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  private int assay(String... arguments) {
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments);
  }

  @Test
  void cost_counts_the_window_of_the_last_query() {
    assertEquals(
        ExitCode.PASS,
        assay(
            "cost",
            "sliding-window",
            "--set",
            "window=16",
            "--n",
            "64,128",
            "--heads",
            "2",
            "--d",
            "8",
            "--layers",
            "3",
            "--bytes",
            "4",
            "--format",
            "json"),
        err.toString());
    JsonNode rows = JsonMapper.shared().readTree(out.toString()).get("lengths");
    assertEquals(2, rows.size());
    assertEquals(2 * 2 * 8 * 4 * 3 * 16, rows.get(1).get("decode_reads_bytes").asDouble());
    assertEquals(2 * 2 * 8 * 4 * 3 * 128, rows.get(1).get("cache_bytes").asDouble());
  }

  @Test
  void cost_refuses_a_length_of_nothing() {
    assertEquals(ExitCode.USAGE, assay("cost", "dense", "--n", "0"));
    assertTrue(err.toString().contains("--n is 0"), err.toString());
  }

  @Test
  void coverage_prints_a_recall_for_each_head() {
    assertEquals(ExitCode.PASS, assay("coverage", "sliding-window", "--n", "32"), err.toString());
    assertTrue(out.toString().contains("head 1 "), out.toString());
    assertTrue(out.toString().contains("needs for 99 %"), out.toString());
  }

  @Test
  void audit_finds_every_mechanism_as_its_words_say() {
    assertEquals(ExitCode.PASS, assay("audit"), out.toString() + err);
    assertTrue(out.toString().contains(" 0 not as said"), out.toString());
    assertTrue(out.toString().contains("leaks as known"), out.toString());
  }

  @Test
  void audit_of_an_unknown_mechanism_names_those_there_are() {
    assertEquals(ExitCode.USAGE, assay("audit", "nobody"));
    assertTrue(err.toString().contains("sliding-window"), err.toString());
  }
}
