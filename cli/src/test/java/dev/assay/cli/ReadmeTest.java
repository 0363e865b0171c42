package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import jdk.jshell.JShell;
import jdk.jshell.Snippet;
import jdk.jshell.SnippetEvent;
import jdk.jshell.SourceCodeAnalysis.CompletionInfo;
import jdk.jshell.execution.LocalExecutionControlProvider;
import org.junit.jupiter.api.Test;

/** What the README shows is what happens. */
class ReadmeTest {
  private static final Path ROOT = Path.of("..");
  private static final Pattern JAVA_AND_OUTPUT =
      Pattern.compile("```java\n(.*?)```\n+```\n(.*?)```", Pattern.DOTALL);
  private static final List<String> IMPORTS =
      List.of(
          "dev.assay.engine.*",
          "dev.assay.gradcheck.bound.*",
          "dev.assay.gradcheck.suite.*",
          "dev.assay.mechanism.*",
          "dev.assay.mechanism.fixed.*",
          "java.util.*",
          "java.util.stream.*");

  @Test
  void the_ten_lines_of_java_print_what_the_readme_says() throws IOException {
    Matcher example = JAVA_AND_OUTPUT.matcher(Files.readString(ROOT.resolve("README.md")));
    assertTrue(example.find(), "the README has a block of Java with its output");
    assertEquals(example.group(2), printed(example.group(1)));
  }

  private static String printed(String code) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    PrintStream before = System.out;
    // In this process, so that the tests' own class path and modules are there.
    try (JShell shell =
            JShell.builder()
                .executionEngine(new LocalExecutionControlProvider(), Map.of())
                .build();
        PrintStream out = new PrintStream(bytes, true, StandardCharsets.UTF_8)) {
      System.setOut(out);
      shell.addToClasspath(System.getProperty("java.class.path"));
      IMPORTS.forEach(name -> evaluate(shell, "import " + name + ";"));
      evaluate(shell, code);
    } finally {
      System.setOut(before);
    }
    return bytes.toString(StandardCharsets.UTF_8).replace("\r\n", "\n");
  }

  private static void evaluate(JShell shell, String code) {
    String rest = code;
    while (!rest.isBlank()) {
      CompletionInfo next = shell.sourceCodeAnalysis().analyzeCompletion(rest);
      for (SnippetEvent event : shell.eval(next.source())) {
        assertTrue(
            event.status() == Snippet.Status.VALID && event.exception() == null,
            () -> event.snippet().source() + ": " + shell.diagnostics(event.snippet()).toList());
      }
      rest = next.remaining();
    }
  }

  @Test
  void every_file_that_the_readme_points_at_is_there() throws IOException {
    Matcher link =
        Pattern.compile("\\]\\(([^)#]+)\\)").matcher(Files.readString(ROOT.resolve("README.md")));
    int links = 0;
    while (link.find()) {
      links++;
      assertTrue(Files.exists(ROOT.resolve(link.group(1))), link.group(1));
    }
    assertTrue(links > 5, "only " + links + " links were found");
  }

  @Test
  void the_loop_that_the_readme_shows_is_that_of_the_example() throws IOException {
    String readme = Files.readString(ROOT.resolve("README.md"));
    Matcher python = Pattern.compile("```python\n(.*?)```", Pattern.DOTALL).matcher(readme);
    assertTrue(python.find(), "the README shows the loop");
    assertTrue(
        Files.readString(ROOT.resolve("examples/run_suite.py")).contains(python.group(1)),
        "examples/run_suite.py has the loop as the README shows it");
  }
}
