package dev.assay.bench.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import javax.imageio.ImageIO;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class ReportTest {
  private final Report report = Synthetic.REPORT;

  @Test
  void json_gives_back_what_was_written() {
    assertEquals(report, ReportJson.read(ReportJson.write(report)));
  }

  @Test
  void json_that_is_no_report_is_refused() {
    for (String json :
        new String[] {"", "[]", "{\"rows\": 3}", "{\"command\": \"x\", \"rows\": []}"}) {
      assertThrows(IllegalArgumentException.class, () -> ReportJson.read(json), json);
    }
  }

  @Test
  void a_line_holds_time_share_spread_goals_and_verdict() {
    assertEquals(
        List.of(
            "dense forward, n = 2048",
            "2",
            "12.50",
            "75.0 %",
            "-",
            "75.0 %",
            "74.0..78.0 %",
            "72.0 %",
            "80.0 %",
            "reached"),
        new ReportTable(report).lines().getFirst());
  }

  @Test
  void the_second_subject_of_an_experiment_has_its_own_time() {
    assertEquals("7.00", new ReportTable(report).lines().get(1).get(2));
  }

  @Test
  void a_row_that_was_not_measured_says_why() {
    assertEquals(
        "not measured: libtorch is not loaded",
        new ReportTable(report).lines().getLast().getLast());
  }

  @Test
  void the_summary_counts_every_verdict() {
    assertEquals(
        "1 goals reached, 0 of them as far as was aimed; 0 missed; 1 reported; 1 not measured",
        new ReportTable(report).summary());
    assertFalse(report.nothingMeasured());
  }

  @Test
  void the_page_names_command_and_machine_and_holds_every_row() {
    String page = new PerformancePage(report).text();
    assertTrue(page.contains("```\n" + report.command() + "\n```"), page);
    assertTrue(page.contains("A Processor, 2 cores; fp32, 512-bit vectors"), page);
    assertTrue(page.contains("| dense forward, n = 2048 | 2 | 12.50 |"), page);
    assertTrue(page.contains("against \\| libtorch"), "a bar within a cell is escaped: " + page);
    assertTrue(page.contains("| training | 2 |"), page);
  }

  @Test
  void plots_with_points_are_drawn_in_both_formats(@TempDir Path folder) throws IOException {
    List<String> names = new Plots(report).write(folder);
    assertEquals(
        List.of(
            "roofline.png", "roofline.svg", "time.png", "time.svg", "density.png", "density.svg"),
        names);
    assertEquals(1000, ImageIO.read(folder.resolve("time.png").toFile()).getWidth());
    assertTrue(Files.readString(folder.resolve("density.svg")).contains("<svg"));
  }
}
