package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Json;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

class PrecisionCommandTest {
  private static final Path DOCS = Path.of("..", "docs");
  private static final String SMALL = "precision dense --values 8,16 --d 4 ";

  @TempDir private Path folder = Path.of("");

  private static Ran assay(String line) {
    return Ran.assay(line.split(" ", -1));
  }

  @Test
  void the_page_and_its_figures_are_what_is_measured_today() throws IOException {
    Ran.assay("precision", "--write", "--root", folder.toString())
        .is(ExitCode.PASS, "written:", "precision.md");
    try (var written = Files.walk(folder.resolve("docs"))) {
      for (Path file : written.filter(Files::isRegularFile).toList()) {
        assertEquals(
            Files.readString(DOCS.resolve(folder.resolve("docs").relativize(file))),
            Files.readString(file),
            file + ": run './assay precision --write'");
      }
    }
  }

  @Test
  void a_table_has_errors_slopes_and_what_theory_says() {
    assay(SMALL + "--storage f32 --order naive,pairwise --forward")
        .is(
            ExitCode.PASS,
            "dense, d = 4, f32, sums in f32, to nearest",
            "slope  likely  worst",
            "out naive",
            "lse pairwise");
  }

  @Test
  void against_order_takes_all_orders() {
    assay(SMALL + "--against order --forward")
        .is(ExitCode.PASS, "out naive", "out neumaier", "out blocked", "out tree");
  }

  @Test
  void what_overflows_is_counted() {
    assay("precision linear-recurrence --values 64 --d 16 --heads 2 --storage fp16 --forward")
        .is(ExitCode.PASS, "not finite");
  }

  @Test
  void inputs_that_overflow_their_format_are_refused() {
    Ran ran = assay("precision dense --against range --values 1,1e6 --storage fp16 --n 8");
    assertNotEquals(ExitCode.PASS, ran.code());
    assertTrue(ran.err().contains("which overflows fp16: take smaller inputs"), ran.err());
  }

  @Test
  void picture_and_figures_are_written() throws IOException {
    Ran ran =
        Ran.assay("precision", "moba", "--values", "16,32", "--d", "4", "--out", folder.toString());
    ran.is(ExitCode.PASS, "moba, d = 4");
    String svg = Files.readString(folder.resolve("precision.svg"));
    assertTrue(svg.contains(">dk</text>"), svg);
    JsonNode json = Json.mapper().readTree(folder.resolve("precision.json").toFile());
    assertEquals("moba", json.get("mechanism").asString());
    assertEquals(16, json.get("curves").get(0).get("points").get(0).get("x").asInt());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "precision nothing|nothing",
        "precision dense --storage fp16 --accumulate bf16|it must hold every value of --storage",
        "precision dense --storage fp4|fp4",
        "precision dense --order kahan|kahan",
        "precision dense --against block --order naive|for others have no blocks",
        "precision dense --against order --order naive|leave it out",
        "precision dense --values 8,8|values must rise",
        "precision dense --values 8.5|must be whole and positive, at most 4096",
        "precision dense --against range --values -1|must be positive, at most 1000000",
        "precision dense --n 0|--n is 0: it must lie in 1..4096",
        "precision dense --block 0|--block is 0: it must lie in 1..1048576",
        "precision dense --range 0|--range is 0.0: it must be positive",
        "precision dense --write|leave MECHANISM out",
        "precision --set causal=true|MECHANISM is missing",
      })
  void bad_values_are_refused_in_a_sentence(String line, String sentence) {
    assay(line).is(ExitCode.USAGE, sentence);
  }

  @Test
  void a_folder_that_is_not_there_is_refused_before_anything_is_measured() {
    assay("precision dense --out " + folder.resolve("none"))
        .is(ExitCode.MALFORMED, "its folder does not exist");
  }
}
