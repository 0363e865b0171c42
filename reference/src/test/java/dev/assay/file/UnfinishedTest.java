package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.BufferedReader;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * A process that is told to end in the middle of writing. TERM stands for Ctrl-C too, which a
 * process in the background is deaf to.
 */
class UnfinishedTest {
  @TempDir private Path place = Path.of("");

  @Test
  void a_file_half_written_leaves_nothing() throws Exception {
    interrupt("file", place.resolve("a.bin"));
    assertEquals(List.of(), left(place));
  }

  @Test
  void a_new_folder_half_written_leaves_nothing() throws Exception {
    interrupt("folder", place.resolve("cases"));
    assertEquals(List.of(), left(place));
  }

  @Test
  void an_older_folder_is_as_it_was() throws Exception {
    Path older = Files.createDirectory(place.resolve("cases"));
    Files.writeString(older.resolve("mark"), "old");
    interrupt("folder", older);
    assertEquals(List.of("cases"), left(place));
    assertEquals(List.of("mark"), left(older));
    assertEquals("old", Files.readString(older.resolve("mark")));
  }

  private static void interrupt(String what, Path target) throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/kill")), "skipped: not there: /bin/kill");
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xshare:auto",
                "-cp",
                System.getProperty("java.class.path"),
                StalledWriter.class.getName(),
                what,
                target.toString())
            .redirectError(ProcessBuilder.Redirect.DISCARD)
            .start();
    try (BufferedReader says = writer.inputReader(StandardCharsets.UTF_8)) {
      assertEquals("half", says.readLine());
      String number = String.valueOf(writer.pid());
      assertEquals(0, new ProcessBuilder("/bin/kill", "-TERM", number).start().waitFor());
      assertEquals(143, writer.waitFor());
    } finally {
      writer.destroyForcibly();
    }
  }

  private static List<String> left(Path folder) throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }
}
