package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AccuracyCommandTest {
  private static final Path PUBLISHED = Path.of("..", "docs", "accuracy.md");

  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();

  private int accuracy(String... arguments) {
    String[] all = new String[arguments.length + 1];
    all[0] = "accuracy";
    System.arraycopy(arguments, 0, all, 1, arguments.length);
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(out))
        .execute(all);
  }

  @Test
  void the_reference_errs_by_what_is_published_and_by_no_more() throws IOException {
    Path page = folder.resolve("accuracy.md");
    assertEquals(ExitCode.PASS, accuracy("--write", "--page", page.toString()));
    assertEquals(
        Files.readString(PUBLISHED),
        Files.readString(page),
        "'assay accuracy --write' writes it anew; where a number grew, the reference got worse");
    assertTrue(out.toString().contains("written: "), out::toString);
  }

  @Test
  void a_page_that_cannot_be_written_is_refused_before_anything_is_measured() {
    Path nowhere = folder.resolve("nowhere").resolve("accuracy.md");
    assertEquals(ExitCode.MALFORMED, accuracy("--write", "--page", nowhere.toString()));
    assertTrue(out.toString().contains("its folder does not exist"), out::toString);
  }
}
