package dev.assay.gradcheck.conformance;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The line that repeats a verdict. */
class ReplayTest {
  @Test
  void plain_words_stay_as_they_are() {
    Replay replay = new Replay("./assay --with peers", List.of("check"));
    assertEquals(
        "./assay --with peers check --engine simd --case heads/dense-4-2",
        replay.with("--engine", "simd", "--case", "heads/dense-4-2").line());
  }

  @Test
  void a_shell_gives_every_other_word_back_as_it_was() throws Exception {
    assumeTrue(Files.isExecutable(Path.of("/bin/sh")), "skipped: not there: /bin/sh");
    List<String> words = List.of("a b", "it's", "$HOME", "*", "", "new\nline", "\"", "~", "-inf");
    String line = new Replay("printf '%s|'", words).line();
    Process shell = new ProcessBuilder("/bin/sh", "-c", line).start();
    String said = new String(shell.getInputStream().readAllBytes(), StandardCharsets.UTF_8);
    assertEquals(String.join("|", words) + "|", said);
  }
}
