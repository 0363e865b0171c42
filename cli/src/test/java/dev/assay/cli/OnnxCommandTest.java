package dev.assay.cli;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class OnnxCommandTest {
  private static final Path SAMPLES = Path.of("../gradcheck/src/test/resources/onnx");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @TempDir private Path folder = Path.of("");

  private int onnx(Path directory, String... options) {
    String[] arguments = new String[options.length + 2];
    System.arraycopy(options, 0, arguments, 2, options.length);
    arguments[0] = "onnx";
    arguments[1] = directory.toString();
    return Assay.commandLine()
        .setOut(new PrintWriter(out))
        .setErr(new PrintWriter(err, true))
        .execute(arguments);
  }

  @Test
  void the_last_line_has_the_counts() {
    assertEquals(ExitCode.PASS, onnx(SAMPLES));
    assertEquals("10 passed, 0 failed, 1 not supported", out.toString().lines().toList().getLast());
  }

  @Test
  void what_is_not_supported_is_named_with_its_reason() {
    onnx(SAMPLES);
    assertTrue(out.toString().contains("1 x ai.onnx.preview.FlexAttention: its graph attribute"));
  }

  @Test
  void json_has_one_entry_a_test() {
    assertEquals(ExitCode.PASS, onnx(SAMPLES, "--format", "json"));
    JsonNode root = new JsonMapper().readTree(out.toString());
    assertEquals(11, root.get("tests").size());
    assertEquals(10, root.get("passed").asInt());
  }

  @Test
  void junit_counts_what_was_skipped() {
    assertEquals(ExitCode.PASS, onnx(SAMPLES, "--format", "junit"));
    assertTrue(out.toString().contains("skipped=\"1\""), out.toString());
  }

  @Test
  void nothing_run_is_no_pass() {
    assertEquals(ExitCode.NOTHING_RUN, onnx(folder));
    assertTrue(err.toString().contains("holds no node test"), err.toString());
    assertEquals(ExitCode.NOTHING_RUN, onnx(SAMPLES.resolve("test_flexattention_prob_mod")));
  }

  @Test
  void a_wrong_output_is_a_mismatch_with_a_line_that_repeats_it() throws IOException {
    copyOfOneTest();
    Path output = folder.resolve("test_data_set_0/output_0.pb");
    byte[] bytes = Files.readAllBytes(output);
    bytes[bytes.length - 2] ^= 0x40;
    Files.write(output, bytes);
    assertEquals(ExitCode.MISMATCH, onnx(folder));
    assertTrue(out.toString().contains("again: ./assay onnx " + folder), out.toString());
  }

  @Test
  void a_broken_file_is_malformed() throws IOException {
    copyOfOneTest();
    Files.write(folder.resolve("model.onnx"), new byte[] {58, 100, 1});
    assertEquals(ExitCode.MALFORMED, onnx(folder));
    assertTrue(out.toString().contains("model.onnx: "), out.toString());
  }

  @Test
  void a_missing_folder_is_one_sentence() {
    assertEquals(ExitCode.MALFORMED, onnx(folder.resolve("nowhere")));
    assertEquals(1, err.toString().lines().count(), err.toString());
  }

  private void copyOfOneTest() throws IOException {
    Path from = SAMPLES.resolve("test_attention_4d");
    Files.createDirectories(folder.resolve("test_data_set_0"));
    for (Path file : files(from)) {
      Files.copy(file, folder.resolve(from.relativize(file)));
    }
  }

  private static List<Path> files(Path from) throws IOException {
    try (var tree = Files.walk(from)) {
      return tree.filter(Files::isRegularFile).toList();
    }
  }
}
