package dev.assay.file;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class AtomicFileTest {
  @TempDir private Path folder = Path.of("");

  private List<String> left() throws IOException {
    try (Stream<Path> files = Files.list(folder)) {
      return files.map(file -> String.valueOf(file.getFileName())).sorted().toList();
    }
  }

  @Test
  void the_file_holds_what_was_written_and_nothing_else_is_left() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.write(file, "old");
    AtomicFile.write(file, "n\u00e9w");
    assertEquals("n\u00e9w", Files.readString(file));
    assertEquals(List.of("a.txt"), left());
  }

  @Test
  void a_failure_in_the_middle_leaves_the_old_file_as_it_was() throws IOException {
    Path file = folder.resolve("a.txt");
    AtomicFile.write(file, "old");
    IOException failure =
        assertThrows(
            IOException.class,
            () ->
                AtomicFile.write(
                    file,
                    out -> {
                      out.write(new byte[100_000]);
                      throw new IOException("the source dried up");
                    }));
    assertEquals(
        file + " could not be written: the source dried up; nothing of it was left behind",
        failure.getMessage());
    assertEquals("old", Files.readString(file));
    assertEquals(List.of("a.txt"), left());
  }

  @Test
  void an_exception_of_the_content_leaves_nothing_either() throws IOException {
    assertThrows(
        IllegalStateException.class,
        () ->
            AtomicFile.write(
                folder.resolve("a.txt"),
                out -> {
                  out.write(1);
                  throw new IllegalStateException("fault");
                }));
    assertEquals(List.of(), left());
  }

  @Test
  void a_folder_as_target_and_a_missing_folder_are_refused_by_name() {
    assertTrue(refusal(folder).contains("is a directory"), refusal(folder));
    Path lost = folder.resolve("no/such.txt");
    assertEquals(
        lost + " could not be written: its folder does not exist; nothing of it was left behind",
        refusal(lost));
  }

  private static String refusal(Path target) {
    return String.valueOf(
        assertThrows(IOException.class, () -> AtomicFile.write(target, "x")).getMessage());
  }

  @Test
  void a_link_is_followed_and_stays_a_link() throws IOException {
    Path file = Files.writeString(folder.resolve("real.txt"), "old");
    Path link = Files.createSymbolicLink(folder.resolve("link.txt"), file);
    AtomicFile.write(link, "new");
    assertTrue(Files.isSymbolicLink(link));
    assertEquals("new", Files.readString(file));
  }

  @Test
  void a_device_is_written_to_and_not_replaced() throws IOException {
    Path device = Path.of("/dev/null");
    assumeTrue(Files.isWritable(device), "skipped: not there: " + device);
    AtomicFile.write(device, "x");
    assertTrue(!Files.isRegularFile(device));
  }

  /** A limit on the size of files stops a process in the middle of a write, as a full disk does. */
  @Test
  void a_full_disk_is_one_sentence_and_leaves_nothing() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/bash")), "skipped: not there: /bin/bash");
    Path target = folder.resolve("big.safetensors");
    Path java = Path.of(System.getProperty("java.home"), "bin", "java");
    Path says = folder.resolve("says");
    Process limited =
        new ProcessBuilder(
                "/bin/bash",
                "-c",
                "ulimit -f 64; exec \"$0\" -Xshare:auto -cp \"$1\" \"$2\" \"$3\"",
                java.toString(),
                System.getProperty("java.class.path"),
                WriteBigFile.class.getName(),
                target.toString())
            .redirectErrorStream(true)
            .redirectOutput(says.toFile())
            .start();
    assertEquals(3, limited.waitFor(), () -> text(says));
    assertTrue(
        text(says).startsWith(target + " could not be written: ")
            && text(says).lines().count() == 1,
        () -> text(says));
    assertEquals(List.of("says"), left());
  }

  private static String text(Path file) {
    try {
      return Files.readString(file, StandardCharsets.UTF_8);
    } catch (IOException lost) {
      return lost.toString();
    }
  }
}
