package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.tensor.Shape;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class EmbedCommandTest {
  @TempDir private Path folder = Path.of("");

  private int embed(String text, String... more) throws IOException {
    Path in = Files.writeString(folder.resolve("text.txt"), text);
    String[] arguments = new String[more.length + 4];
    arguments[0] = "embed";
    arguments[1] = in.toString();
    arguments[2] = "--out";
    arguments[3] = folder.resolve("x.safetensors").toString();
    System.arraycopy(more, 0, arguments, 4, more.length);
    PrintWriter sink = new PrintWriter(new StringWriter());
    return Assay.commandLine().setOut(sink).setErr(sink).execute(arguments);
  }

  @Test
  void the_first_bytes_of_a_text_become_queries_keys_and_values() throws IOException {
    assertEquals(ExitCode.PASS, embed("First Citizen", "--n", "5", "--heads", "3", "--d", "8"));
    assertEquals(
        Shape.of(1, 3, 5, 8), Safetensors.read(folder.resolve("x.safetensors")).shape("k"));
  }

  @Test
  void an_empty_text_is_malformed_and_leaves_no_file() throws IOException {
    assertEquals(ExitCode.MALFORMED, embed(""));
    assertFalse(Files.exists(folder.resolve("x.safetensors")));
  }

  @Test
  void no_tokens_are_refused() throws IOException {
    assertTrue(embed("abc", "--n", "0") != ExitCode.PASS);
  }
}
