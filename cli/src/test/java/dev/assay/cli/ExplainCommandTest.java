package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.assay.file.Safetensors;
import dev.assay.file.TensorFile;
import dev.assay.tensor.Shape;
import dev.assay.tensor.Tensor;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class ExplainCommandTest {
  @TempDir private Path folder = Path.of("");
  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();
  private Path in = Path.of("");

  /** One head of three tokens: the last query weighs its keys 1/8, 5/8 and 1/4. */
  @BeforeEach
  void writeInput() throws IOException {
    in = folder.resolve("x.safetensors");
    Shape shape = Shape.of(3, 1);
    Safetensors.write(
        in,
        TensorFile.builder()
            .put("q", Tensor.of(shape, 1, 1, 1))
            .put("k", Tensor.of(shape, 0, StrictMath.log(5), StrictMath.log(2)))
            .put("v", Tensor.zeros(shape))
            .build());
  }

  private int explain(String mechanism, String... more) {
    List<String> arguments = new ArrayList<>(List.of("explain", mechanism));
    arguments.addAll(List.of("--in", in.toString()));
    arguments.addAll(List.of(more));
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err))
        .execute(arguments.toArray(String[]::new));
  }

  private String text() {
    return out.toString().replace(System.lineSeparator(), "\n");
  }

  @Test
  void names_keys_by_falling_weight_with_their_rules() {
    assertEquals(ExitCode.PASS, explain("dense", "--set", "causal=true", "--row", "2"));
    assertEquals(
        """
        dense, causal=true; x.safetensors
        query 2 of head 0, batch entry 0

             key      weight      sum  rule
               1    0.625000   62.5 %  causal prefix
               2    0.250000   87.5 %  causal prefix
               0    0.125000  100.0 %  causal prefix
        by rule: causal prefix 100.0 %
        """,
        text());
  }

  @Test
  void counts_the_keys_it_does_not_name() {
    explain("dense", "--row", "2", "--top", "1");
    assertTrue(text().contains("...  2 more keys with 37.5 %"), text());
  }

  @Test
  void shares_weight_among_the_kinds_of_rules() {
    explain("hierarchical-chunking", "--set", "sizeRule=FIXED", "--set", "size=2", "--row", "2");
    assertTrue(text().contains("by rule: neighbour -1 75.0 %, own chunk 25.0 %"), text());
  }

  @Test
  void shows_the_text_of_tokens_given_by_lines() throws IOException {
    Path tokens = Files.writeString(folder.resolve("t.txt"), "To\nbe\nor\n");
    assertEquals(ExitCode.PASS, explain("dense", "--row", "2", "--tokens", tokens.toString()));
    assertTrue(text().contains("To [be] or"), text());
  }

  @Test
  void shows_the_text_of_tokens_given_by_bytes() throws IOException {
    Path tokens = Files.writeString(folder.resolve("t.txt"), "a\nc and more");
    assertEquals(ExitCode.PASS, explain("dense", "--row", "2", "--tokens", tokens.toString()));
    assertTrue(text().contains("a[\\n]c"), text());
  }

  @Test
  void refuses_tokens_that_do_not_suffice() throws IOException {
    Path tokens = Files.writeString(folder.resolve("t.txt"), "ab");
    assertEquals(ExitCode.MALFORMED, explain("dense", "--row", "2", "--tokens", tokens.toString()));
    assertTrue(err.toString().contains("1 lines and 2 bytes for 3 tokens"), err.toString());
  }

  @Test
  void says_so_where_a_row_is_empty() {
    Path one = in;
    assertEquals(
        ExitCode.PASS,
        explain(
            "hierarchical-chunking",
            "--set",
            "combination=SUM",
            "--set",
            "sizeRule=FIXED",
            "--set",
            "size=3",
            "--row",
            "0"));
    assertTrue(text().contains("attends to no key"), one + ": " + text());
  }

  @Test
  void writes_json() {
    explain("dense", "--row", "2", "--top", "2", "--format", "json");
    JsonNode answer = JsonMapper.shared().readTree(out.toString());
    JsonNode softmax = answer.get("softmaxes").get(0);
    assertEquals(3, softmax.get("keys").asInt());
    assertEquals(2, softmax.get("heaviest").size());
    assertEquals(0.625, softmax.get("heaviest").get(0).get("weight").asDouble(), 1e-15);
  }

  @Test
  void refuses_a_row_that_does_not_exist() {
    assertEquals(ExitCode.MALFORMED, explain("dense", "--row", "3"));
    assertTrue(err.toString().contains("--row is 3: it must lie in 0..2"), err.toString());
  }

  @Test
  void refuses_a_head_that_does_not_exist() {
    assertEquals(ExitCode.MALFORMED, explain("dense", "--row", "0", "--head", "1"));
  }

  @Test
  void a_mechanism_without_a_softmax_over_tokens_is_explained_by_its_output() {
    StringWriter said = new StringWriter();
    int code =
        Assay.commandLine()
            .setOut(new PrintWriter(said))
            .setErr(new PrintWriter(err))
            .execute("explain", "nystromformer", "--n", "32", "--row", "30");
    assertEquals(ExitCode.PASS, code, err.toString());
    assertTrue(said.toString().contains("landmarks: by way of segments"), said.toString());
  }

  @Test
  void a_text_names_its_words() throws IOException {
    Path words = Files.writeString(folder.resolve("t.txt"), "who knows who, who knows");
    int code =
        Assay.commandLine()
            .setOut(new PrintWriter(out))
            .setErr(new PrintWriter(err))
            .execute("explain", "dense", "--text", words.toString(), "--row", "5");
    assertEquals(ExitCode.PASS, code, err.toString());
    assertTrue(text().contains("who , who [knows]"), text());
  }
}
