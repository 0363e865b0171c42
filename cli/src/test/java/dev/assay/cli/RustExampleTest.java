package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** The loop in Rust that runs a kernel over the suite does what the verb verify asks for. */
class RustExampleTest {
  private static final Path SUITE = Path.of("../testdata/goldens/v1");
  private static final Path MANIFEST = Path.of("../examples/rust/Cargo.toml");

  /** A build takes some ten seconds; a loaded machine gets several times that. */
  private static final int SECONDS = 120;

  @TempDir private Path folder = Path.of("");

  @Test
  @Timeout(SECONDS)
  void its_results_pass() throws IOException, InterruptedException {
    assumeTrue(onPath("cargo"), "skipped: not there: cargo");
    Path exported = folder.resolve("suite");
    Path results = folder.resolve("results");
    assay("export", "--to", exported.toString());
    String said = example(exported, results);
    assertTrue(said.matches("[1-9]\\d{2,} cases run, \\d+ skipped\\R"), said);
    assay("verify", results.toString());
    assertEquals(said, example(SUITE, folder.resolve("again")), "the suite itself is read as well");
  }

  private static void assay(String... arguments) {
    StringWriter report = new StringWriter();
    PrintWriter both = new PrintWriter(report);
    int code = Assay.commandLine().setOut(both).setErr(both).execute(arguments);
    assertEquals(ExitCode.PASS, code, report.toString());
  }

  /** Builds outside of the working tree, runs, and gives what was printed. */
  private String example(Path suite, Path results) throws IOException, InterruptedException {
    Path log = folder.resolve("log");
    ProcessBuilder cargo =
        new ProcessBuilder("cargo", "run", "--quiet", "--offline", "--locked", "--manifest-path");
    cargo
        .command()
        .addAll(List.of(MANIFEST.toString(), "--", suite.toString(), results.toString()));
    cargo.environment().put("CARGO_TARGET_DIR", folder.resolve("target").toString());
    Process process = cargo.redirectErrorStream(true).redirectOutput(log.toFile()).start();
    try {
      int code = process.waitFor();
      String said = Files.readString(log);
      assertEquals(ExitCode.PASS, code, said);
      return said;
    } finally {
      process.destroyForcibly();
    }
  }

  private static boolean onPath(String program) {
    String places = System.getenv().getOrDefault("PATH", "");
    return Pattern.compile(File.pathSeparator, Pattern.LITERAL)
        .splitAsStream(places)
        .anyMatch(place -> Files.isExecutable(Path.of(place, program)));
  }
}
