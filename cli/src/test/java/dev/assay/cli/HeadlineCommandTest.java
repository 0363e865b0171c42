package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.bench.report.Report;
import dev.assay.bench.report.ReportJson;
import dev.assay.bench.report.Verdict;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class HeadlineCommandTest {
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder;

  private int bench(String... arguments) {
    List<String> all = new ArrayList<>(List.of("bench"));
    all.addAll(List.of(arguments));
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(all.toArray(String[]::new));
  }

  private int tiny(String... more) {
    List<String> all = new ArrayList<>(List.of("--suite", "headline", "--sizes", "tiny"));
    all.addAll(List.of("--threads", "1", "--forks", "1", "--rounds", "1", "--warm-up", "0"));
    all.addAll(List.of(more));
    return bench(all.toArray(String[]::new));
  }

  @Test
  void a_run_prints_a_table_writes_json_and_plots_and_answers_with_its_verdict()
      throws IOException {
    Path results = folder.resolve("results");
    int code = tiny("--only", "sparse-band", "--out", results.toString());
    Report report = ReportJson.read(Files.readString(results.resolve("headline.json")));
    // How fast a tiny problem is on this machine is not for a test to say.
    boolean missed = report.count(Verdict.MISSED) > 0;
    assertEquals(missed ? ExitCode.MISMATCH : ExitCode.PASS, code);
    assertTrue(out.toString().contains("the last four and the first"), out::toString);
    assertTrue(Files.exists(results.resolve("roofline.svg")));
    assertEquals(
        "./assay bench --suite headline --threads 1 --forks 1 --rounds 1 --warm-up 0.0"
            + " --only sparse-band",
        report.command());
  }

  @Test
  void nothing_measured_has_a_code_of_its_own() {
    assertEquals(ExitCode.NOTHING_RUN, tiny("--only", "libtorch"));
    assertTrue(out.toString().contains("not measured: libtorch is not loaded"), out::toString);
  }

  @Test
  void options_that_make_no_sense_are_a_matter_of_usage() {
    assertEquals(ExitCode.USAGE, tiny("--only", "nobody"));
    assertTrue(err.toString().contains("there is no experiment nobody"), err::toString);
    assertEquals(ExitCode.USAGE, bench("--suite", "headline", "--threads", "0"));
    assertEquals(ExitCode.USAGE, bench("--suite", "headline", "--forks", "0"));
    assertEquals(ExitCode.USAGE, bench("--suite", "headline", "--rounds", "0"));
    assertEquals(ExitCode.USAGE, bench("--write", "page.md"));
    assertEquals(ExitCode.USAGE, bench("--only", "dense"));
    assertEquals(ExitCode.USAGE, bench("--suite", "headline", "--report", "x.json"));
    assertEquals(ExitCode.USAGE, bench("--suite", "sidelines"));
  }

  @Test
  void a_report_becomes_a_page() throws IOException {
    tiny("--only", "libtorch", "--out", folder.toString());
    Path page = folder.resolve("performance.md");
    String json = folder.resolve("headline.json").toString();
    assertEquals(ExitCode.PASS, bench("--report", json, "--write", page.toString()));
    String text = Files.readString(page);
    assertTrue(text.startsWith("# Performance\n"), text);
    assertTrue(text.contains("not measured: libtorch is not loaded"), text);
  }

  @Test
  void what_is_no_report_is_malformed() throws IOException {
    Path json = folder.resolve("other.json");
    Files.writeString(json, "{}");
    assertEquals(ExitCode.MALFORMED, bench("--report", json.toString()));
    assertEquals(ExitCode.MALFORMED, bench("--report", folder.resolve("absent.json").toString()));
  }
}
