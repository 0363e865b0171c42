package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The examples in Python do what they say, with nothing but numpy. */
class PythonExampleTest {
  private static final int SECONDS = 120;

  @TempDir private Path folder = Path.of("");
  private final StringWriter report = new StringWriter();

  private int assay(String... arguments) {
    return Assay.commandLine()
        .setOut(new PrintWriter(report))
        .setErr(new PrintWriter(report))
        .execute(arguments);
  }

  private int python(String... arguments) throws IOException, InterruptedException {
    ProcessBuilder python = new ProcessBuilder("python3", "-B");
    python.command().addAll(List.of(arguments));
    Process process =
        python.redirectErrorStream(true).redirectOutput(folder.resolve("log").toFile()).start();
    try {
      return process.waitFor();
    } finally {
      process.destroyForcibly();
    }
  }

  private boolean numpyIsThere() throws InterruptedException {
    try {
      return python("-c", "import numpy") == 0;
    } catch (IOException absent) {
      return false;
    }
  }

  @Test
  @Timeout(SECONDS)
  void its_results_pass() throws IOException, InterruptedException {
    assumeTrue(numpyIsThere(), "skipped: not there: python3 with numpy");
    String suite = folder.resolve("suite").toString();
    String results = folder.resolve("results").toString();
    assertEquals(ExitCode.PASS, assay("export", "--to", suite), report.toString());
    int code = python("../examples/run_suite.py", suite, results);
    String said = Files.readString(folder.resolve("log"));
    assertEquals(0, code, said);
    assertTrue(said.matches("[1-9]\\d{2,} cases run, \\d+ skipped\\R"), said);
    assertEquals(ExitCode.PASS, assay("verify", results), report.toString());
  }

  @Test
  @Timeout(SECONDS)
  void what_a_program_cannot_work_on_is_one_sentence() throws IOException, InterruptedException {
    assumeTrue(numpyIsThere(), "skipped: not there: python3 with numpy");
    String suite = folder.resolve("suite").toString();
    assay("export", "--to", suite, "--only", "basic/dense-f32");
    refuses("usage: python3 run_suite.py SUITE RESULTS", "../examples/run_suite.py", suite);
  }

  private void refuses(String sentence, String... arguments)
      throws IOException, InterruptedException {
    assertEquals(1, python(arguments));
    String said = Files.readString(folder.resolve("log"));
    assertTrue(said.contains(sentence) && said.lines().count() == 1, said);
  }
}
