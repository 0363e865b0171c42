package dev.assay.gradcheck.suite;

import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.assay.file.FormatException;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/** A suite from a stranger reads no file but its own, and none that does not end. */
@Timeout(value = 1, unit = TimeUnit.MINUTES)
class HostileSuiteTest {
  @TempDir private Path place = Path.of("");

  private Path suite(String path, byte[] content) throws IOException {
    Path folder = Files.createDirectories(place.resolve("suite"));
    Files.writeString(folder.resolve(Checksums.FILE), Checksums.of(content) + "  " + path + "\n");
    return folder;
  }

  private static void refused(Path folder, String words) {
    FormatException refused = assertThrows(FormatException.class, () -> Suite.load(folder));
    String sentence = String.valueOf(refused.getMessage());
    assertTrue(sentence.contains(words) && sentence.lines().count() == 1, sentence);
  }

  @Test
  void a_path_that_leads_out_is_refused() throws IOException {
    byte[] any = "x".getBytes(StandardCharsets.UTF_8);
    for (String path :
        new String[] {
          "../a", "a/../../b", "/etc/hostname", "a//b", "./a", "..", "a\\b", "a\u001bb"
        }) {
      refused(suite(path, any), "stays in the folder");
    }
  }

  @Test
  void a_link_that_leads_out_is_refused() throws IOException {
    byte[] content = "{}".getBytes(StandardCharsets.UTF_8);
    Path folder = suite("suite.json", content);
    Path outside = Files.write(place.resolve("outside.json"), content);
    Files.createSymbolicLink(folder.resolve("suite.json"), outside);
    refused(folder, "a link that leads out of the suite");
  }

  @Test
  void a_folder_a_pipe_and_a_device_in_place_of_a_file_are_refused() throws Exception {
    Path folder = suite("suite.json", new byte[0]);
    Path file = Files.createDirectory(folder.resolve("suite.json"));
    refused(folder, "is a directory");
    Files.delete(file);
    Files.createSymbolicLink(file, Path.of("/dev/zero"));
    refused(folder, "is not a regular file");
    Files.delete(file);
    assumeTrue(Files.isExecutable(Path.of("/usr/bin/mkfifo")), "skipped: not there: mkfifo");
    assumeTrue(new ProcessBuilder("/usr/bin/mkfifo", file.toString()).start().waitFor() == 0);
    refused(folder, "is not a regular file");
  }
}
