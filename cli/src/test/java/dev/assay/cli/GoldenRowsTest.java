package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import dev.assay.tensor.Tolerance;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * The numbers of a separate program (double precision; gradients by complex step) for n = 8, d = 4,
 * one head, through the command line: by ops, and on the engine scalar. Parameters and choices come
 * from the file.
 */
class GoldenRowsTest {
  private static final Path SPEC = Path.of("../../shared/spec/golden-sample.md");
  private static final Tolerance TEN_DECIMALS =
      new Tolerance(1e-9, 0, "another program's numbers, printed with ten decimals");

  @TempDir private Path folder = Path.of("");

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.assay.cli.GoldenRows#all")
  void ops_give_the_numbers_of_the_separate_program(GoldenRows.Row row) throws IOException {
    reproduces(row);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("dev.assay.cli.GoldenRows#all")
  void an_engine_gives_the_numbers_of_the_separate_program(GoldenRows.Row row) throws IOException {
    reproduces(row, "--engine", "scalar");
  }

  private void reproduces(GoldenRows.Row row, String... more) throws IOException {
    Path in = folder.resolve("x.safetensors");
    Path out = folder.resolve("y.safetensors");
    Safetensors.write(in, GoldenRows.sample().putAll(row.given()).build());
    List<String> words = new ArrayList<>(List.of("run"));
    if (row.wiring().isEmpty()) {
      words.addAll(List.of(row.arguments().split(" ", -1)));
    } else {
      words.add(Files.writeString(folder.resolve("head.wiring"), row.wiring()).toString());
    }
    words.addAll(List.of("--in", in.toString(), "--out", out.toString(), "--grad"));
    words.addAll(Arrays.asList(more));
    StringWriter err = new StringWriter();
    int code =
        Assay.commandLine()
            .setOut(new PrintWriter(new StringWriter()))
            .setErr(new PrintWriter(err))
            .execute(words.toArray(String[]::new));
    assertEquals(ExitCode.PASS, code, err.toString());
    TensorFile y = Safetensors.read(out);
    Tensor o = y.tensor("out");
    double[] found = {
      weighted(o, 0, 0),
      weighted(o, 1, 2),
      o.at(5, 2),
      weighted(gradient(y, "q"), .3, 1),
      weighted(gradient(y, "k"), .3, 1),
      weighted(gradient(y, "v"), .3, 1)
    };
    for (int c = 0; c < row.numbers().length; c++) {
      assertTrue(TEN_DECIMALS.accepts(found[c], row.numbers()[c]), "column " + c + ": " + found[c]);
    }
  }

  /** Of what a mechanism does not read, as the keys where queries are keys, it is 0. */
  private static Tensor gradient(TensorFile y, String input) throws IOException {
    for (String name : List.of("d" + input, "d_" + input)) {
      if (y.has(name)) {
        return y.tensor(name);
      }
    }
    return Tensor.zeros(Shape.of(GoldenRows.N, GoldenRows.D));
  }

  private static double weighted(Tensor t, double stepI, double stepT) {
    double sum = 0;
    for (int p = 0; p < t.size(); p++) {
      sum += Math.cos(stepI * GoldenRows.row(p) + stepT * (p % GoldenRows.D)) * t.get(p);
    }
    return sum;
  }

  @Test
  void every_row_of_the_separate_program_is_here() throws IOException {
    assumeTrue(Files.exists(SPEC), "skipped: not there: " + SPEC);
    TreeSet<String> printed = new TreeSet<>();
    TreeSet<String> here = new TreeSet<>();
    for (String line : Files.readAllLines(SPEC)) {
      if (line.matches(".*( +(-|-?\\d+\\.\\d{10})){6}\\s*")) {
        printed.add(line.strip().replaceAll("\\s+", " ").replaceAll("( -(?= |$))+", ""));
      }
    }
    for (GoldenRows.Row row : GoldenRows.all()) {
      StringBuilder text = new StringBuilder(row.name());
      for (double number : row.numbers()) {
        text.append(String.format(Locale.ROOT, " %.10f", number));
      }
      here.add(text.toString());
    }
    assertTrue(printed.size() > 10, "rows of " + SPEC + ": " + printed);
    assertEquals(printed, here);
  }
}
