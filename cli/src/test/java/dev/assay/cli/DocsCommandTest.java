package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.catalog.MechanismCatalog;
import dev.assay.cli.docs.GeneratedDocs;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class DocsCommandTest {
  private static final Path ROOT = Path.of("..");

  private final StringWriter out = new StringWriter();

  @Test
  void the_committed_documentation_is_what_the_catalogue_gives_today() throws IOException {
    for (Map.Entry<String, String> made : GeneratedDocs.of(ROOT, DrawCommand::svg).entrySet()) {
      assertEquals(
          made.getValue(),
          Files.readString(ROOT.resolve(made.getKey())),
          made.getKey() + ": run './assay docs --write'");
    }
  }

  @Test
  void every_mechanism_has_a_page_and_every_page_a_mechanism() throws IOException {
    TreeSet<String> expected = new TreeSet<>();
    MechanismCatalog.all().forEach(mechanism -> expected.add(mechanism.id() + ".md"));
    TreeSet<String> pages = new TreeSet<>();
    try (Stream<Path> files = Files.list(ROOT.resolve("docs/mechanisms"))) {
      files.forEach(file -> pages.add(file.getFileName().toString()));
    }
    assertEquals(expected, pages);
  }

  @Test
  void what_is_stale_is_named_and_then_written(@TempDir Path folder) throws IOException {
    Files.copy(ROOT.resolve("README.md"), folder.resolve("README.md"));
    assertEquals(ExitCode.MISMATCH, docs(folder));
    assertTrue(out.toString().contains("not up to date: docs/mechanisms/dense.md"), out.toString());
    assertEquals(ExitCode.PASS, docs(folder, "--write"));
    assertEquals(ExitCode.PASS, docs(folder));
    assertTrue(out.toString().contains("everything is up to date"), out.toString());
  }

  @Test
  void a_readme_without_the_marks_is_refused(@TempDir Path folder) throws IOException {
    Files.writeString(folder.resolve("README.md"), "# Nothing\n");
    assertEquals(ExitCode.MALFORMED, docs(folder));
  }

  private int docs(Path folder, String... more) {
    String[] args = new String[more.length + 3];
    args[0] = "docs";
    args[1] = "--root";
    args[2] = folder.toString();
    System.arraycopy(more, 0, args, 3, more.length);
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(new StringWriter()))
        .execute(args);
  }
}
